package dev.flotilla.identity;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Optional;

/// What a principal may do. A command names the one scope it needs.
public enum Scope {
  TASKS_READ("tasks.read"),
  TASKS_WRITE("tasks.write"),
  /// Stops the queue, and deletes dead letters.
  QUEUE_MANAGE("queue.manage"),
  INSTANCES_READ("instances.read"),
  INSTANCES_WRITE("instances.write"),
  NODES_READ("nodes.read"),
  THREADS_READ("threads.read"),
  THREADS_WRITE("threads.write"),
  WORK_READ("work.read"),
  WORK_WRITE("work.write"),
  /// Presence, system notices, alerts and custom topics.
  EVENTS_READ("events.read"),
  /// Publishes on custom topics.
  EVENTS_PUBLISH("events.publish"),
  /// Tells everybody of the tenant something.
  EVENTS_BROADCAST("events.broadcast"),
  /// Moves sessions from node to node.
  SESSIONS_MANAGE("sessions.manage"),
  /// Users and their sessions.
  USERS_MANAGE("users.manage"),
  /// Keys of machines.
  KEYS_MANAGE("keys.manage"),
  /// Who changed what.
  AUDIT_READ("audit.read"),
  /// Acts for the whole fleet: instances that every tenant may use.
  FLEET_ADMIN("fleet.admin");

  private final String wireName;

  Scope(String wireName) {
    this.wireName = wireName;
  }

  @JsonValue
  public String wireName() {
    return wireName;
  }

  public static Optional<Scope> named(String wireName) {
    return Arrays.stream(values()).filter(scope -> scope.wireName.equals(wireName)).findFirst();
  }

  @JsonCreator
  static Scope require(String wireName) {
    return named(wireName).orElseThrow();
  }
}
