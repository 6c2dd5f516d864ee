package dev.flotilla.contract;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.flotilla.fault.Fault;
import dev.flotilla.fault.Reason;
import dev.flotilla.identity.Ids;
import dev.flotilla.identity.InstanceId;
import dev.flotilla.identity.Scope;
import dev.flotilla.identity.TaskId;
import java.util.List;

/// What a session can subscribe to, inside its own tenant: a family such as `tasks`, or one thing
/// of a family such as `task:{id}`.
public record Topic(@JsonValue String name) {
  public static final Topic TASKS = new Topic("tasks");
  public static final Topic INSTANCES = new Topic("instances");

  /// How topics look, as `hello` lists them.
  public static final List<String> FORMS =
      List.of("tasks", "task:{id}", "instances", "instance:{id}");

  private static final String TASK = "task:";
  private static final String INSTANCE = "instance:";

  public static Topic task(TaskId id) {
    return new Topic(TASK + id.value());
  }

  public static Topic instance(InstanceId id) {
    return new Topic(INSTANCE + id.value());
  }

  /// The topic of that name, for one read back from the bus or the log.
  @JsonCreator
  static Topic trusted(String name) {
    return new Topic(name);
  }

  /// The topic that a client named, or VALIDATION_ERROR with reason UNKNOWN_SUBSCRIPTION.
  public static Topic parse(String name) {
    boolean family = name.equals(TASKS.name) || name.equals(INSTANCES.name);
    if (family || hasId(name, TASK) || hasId(name, INSTANCE)) {
      return new Topic(name);
    }
    throw new Fault(
            Reason.UNKNOWN_SUBSCRIPTION, "There is no topic '" + name + "'.", "topics", null)
        .asException();
  }

  private static boolean hasId(String name, String prefix) {
    return name.startsWith(prefix) && Ids.isValid(name.substring(prefix.length()));
  }

  /// The scope that a subscription needs.
  public Scope scope() {
    return name.equals(INSTANCES.name) || name.startsWith(INSTANCE)
        ? Scope.INSTANCES_READ
        : Scope.TASKS_READ;
  }

  @Override
  public String toString() {
    return name;
  }
}
