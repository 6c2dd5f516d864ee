package dev.flotilla.command.task.queue;

import dev.flotilla.command.task.TaskRow;
import dev.flotilla.contract.Priority;
import dev.flotilla.identity.Ids;
import dev.flotilla.identity.InstanceId;
import dev.flotilla.identity.NodeId;
import java.util.List;

/// What the queue knows of a task.
///
/// @param kind what the task shares with those that could only go where it can, when it can: its
///     session, or its capabilities; and its key
/// @param runs tasks of the key that may run at the same time; 0 for any number
/// @param starts tasks of the key that may start within `perMs`; 0 for any number
record Ticket(
    String id,
    String tenant,
    int level,
    long ordinal,
    String kind,
    int runs,
    int starts,
    long perMs) {

  static Ticket of(TaskRow task) {
    TaskRow.KeyLimits limits = task.limits();
    return new Ticket(
        task.id().value(),
        task.tenant().value(),
        level(task.priority()),
        task.ordinal(),
        limits == null ? needs(task) : needs(task) + "~" + brief(limits.key()),
        limits == null ? 0 : limits.running(),
        limits == null ? 0 : limits.starts(),
        limits == null ? 0 : limits.perMs());
  }

  /// The scripts go through the levels from 0 on.
  static int level(Priority priority) {
    return switch (priority) {
      case CRITICAL -> 0;
      case HIGH -> 1;
      case MEDIUM -> 2;
      case LOW -> 3;
    };
  }

  private static String needs(TaskRow task) {
    String session = task.session();
    if (session != null) {
      return "s" + brief(session);
    }
    List<String> needs = task.capabilities().stream().sorted().distinct().toList();
    return needs.isEmpty() ? "any" : "c" + brief(needs.toArray(String[]::new));
  }

  private static String brief(String... parts) {
    return Ids.sha256(parts).substring(0, 20);
  }

  List<String> arguments() {
    return List.of(
        id,
        tenant,
        Integer.toString(level),
        Long.toString(ordinal),
        kind,
        Integer.toString(runs),
        Integer.toString(starts),
        Long.toString(perMs));
  }

  /// Where a task belongs, by its row.
  sealed interface Place {
    record Ready() implements Place {}

    record Delayed(long ms) implements Place {}

    record Leased(NodeId node, long ms) implements Place {}

    /// It has a lease that has ended, and perhaps a run that goes on.
    record Orphan() implements Place {}

    static Place of(TaskRow task) {
      return switch (task.state()) {
        case RUNNING -> {
          NodeId node = task.leaseNode();
          yield node == null || task.leaseMs() == 0
              ? new Orphan()
              : new Leased(node, task.leaseMs());
        }
        case PENDING, SCHEDULED, RETRYING ->
            task.dueMs() > 0 ? new Delayed(task.dueMs()) : new Ready();
        case SUCCEEDED, FAILED, DEAD, CANCELLED, EXPIRED ->
            throw new IllegalArgumentException("An ended task has no place in the queue");
      };
    }

    /// As `place.lua` wants it: want, ms, node.
    default List<String> arguments() {
      return switch (this) {
        case Ready _ -> List.of("ready", "0", "");
        case Delayed(long ms) -> List.of("delayed", Long.toString(ms), "");
        case Leased(NodeId node, long ms) -> List.of("leased", Long.toString(ms), node.value());
        case Orphan _ -> List.of("orphan", "0", "");
      };
    }
  }

  /// The instance whose slot the task uses, or nothing.
  static String instance(TaskRow task) {
    InstanceId instance = task.runInstance();
    return task.runId() == null || instance == null ? "" : instance.value();
  }
}
