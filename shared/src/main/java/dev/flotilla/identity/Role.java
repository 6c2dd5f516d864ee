package dev.flotilla.identity;

import static dev.flotilla.identity.Scope.FLEET_ADMIN;
import static dev.flotilla.identity.Scope.INSTANCES_READ;
import static dev.flotilla.identity.Scope.INSTANCES_WRITE;
import static dev.flotilla.identity.Scope.NODES_READ;
import static dev.flotilla.identity.Scope.TASKS_READ;
import static dev.flotilla.identity.Scope.TASKS_WRITE;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// A named set of scopes. The first three act inside one tenant; `platform` acts for the fleet.
public enum Role {
  VIEWER(EnumSet.of(TASKS_READ, INSTANCES_READ, NODES_READ)),
  OPERATOR(EnumSet.of(TASKS_READ, INSTANCES_READ, NODES_READ, TASKS_WRITE)),
  ADMIN(EnumSet.of(TASKS_READ, INSTANCES_READ, NODES_READ, TASKS_WRITE, INSTANCES_WRITE)),
  PLATFORM(
      EnumSet.of(
          TASKS_READ, INSTANCES_READ, NODES_READ, TASKS_WRITE, INSTANCES_WRITE, FLEET_ADMIN));

  private final Set<Scope> scopes;

  Role(Set<Scope> scopes) {
    this.scopes = Set.copyOf(scopes);
  }

  public Set<Scope> scopes() {
    return scopes;
  }

  @JsonValue
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static Optional<Role> named(String wireName) {
    return Arrays.stream(values()).filter(role -> role.wireName().equals(wireName)).findFirst();
  }

  @JsonCreator
  static Role require(String wireName) {
    return named(wireName).orElseThrow();
  }
}
