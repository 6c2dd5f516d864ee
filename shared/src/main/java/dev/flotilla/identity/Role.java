package dev.flotilla.identity;

import static dev.flotilla.identity.Scope.AUDIT_READ;
import static dev.flotilla.identity.Scope.EVENTS_BROADCAST;
import static dev.flotilla.identity.Scope.EVENTS_PUBLISH;
import static dev.flotilla.identity.Scope.EVENTS_READ;
import static dev.flotilla.identity.Scope.FLEET_ADMIN;
import static dev.flotilla.identity.Scope.INSTANCES_READ;
import static dev.flotilla.identity.Scope.INSTANCES_WRITE;
import static dev.flotilla.identity.Scope.KEYS_MANAGE;
import static dev.flotilla.identity.Scope.NODES_READ;
import static dev.flotilla.identity.Scope.QUEUE_MANAGE;
import static dev.flotilla.identity.Scope.SESSIONS_MANAGE;
import static dev.flotilla.identity.Scope.TASKS_READ;
import static dev.flotilla.identity.Scope.TASKS_WRITE;
import static dev.flotilla.identity.Scope.THREADS_READ;
import static dev.flotilla.identity.Scope.THREADS_WRITE;
import static dev.flotilla.identity.Scope.USERS_MANAGE;
import static dev.flotilla.identity.Scope.WORK_READ;
import static dev.flotilla.identity.Scope.WORK_WRITE;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// A named set of scopes. The first three act inside one tenant; `platform` acts for the fleet.
public enum Role {
  VIEWER(Reads.ALL),
  OPERATOR(with(VIEWER, TASKS_WRITE, THREADS_WRITE, WORK_WRITE, EVENTS_PUBLISH)),
  ADMIN(
      with(
          OPERATOR,
          INSTANCES_WRITE,
          QUEUE_MANAGE,
          EVENTS_BROADCAST,
          USERS_MANAGE,
          KEYS_MANAGE,
          AUDIT_READ)),
  PLATFORM(with(ADMIN, FLEET_ADMIN, SESSIONS_MANAGE));

  /// What everybody may read.
  private static final class Reads {
    static final Set<Scope> ALL =
        EnumSet.of(TASKS_READ, INSTANCES_READ, NODES_READ, THREADS_READ, WORK_READ, EVENTS_READ);
  }

  private final Set<Scope> scopes;

  Role(Set<Scope> scopes) {
    this.scopes = Set.copyOf(scopes);
  }

  private static Set<Scope> with(Role less, Scope... more) {
    Set<Scope> scopes = EnumSet.copyOf(less.scopes);
    scopes.addAll(List.of(more));
    return scopes;
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
