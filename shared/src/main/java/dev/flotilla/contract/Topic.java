package dev.flotilla.contract;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.flotilla.fault.Fault;
import dev.flotilla.fault.Reason;
import dev.flotilla.identity.AgentId;
import dev.flotilla.identity.Ids;
import dev.flotilla.identity.InstanceId;
import dev.flotilla.identity.ItemId;
import dev.flotilla.identity.ProjectId;
import dev.flotilla.identity.SprintId;
import dev.flotilla.identity.TaskId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a session can subscribe to, inside its own tenant: a whole family such as `tasks`, or one
/// thing of a family such as `task:{id}`.
public record Topic(@JsonValue String name) {
  public static final Topic TASKS = of(TopicFamily.TASKS);
  public static final Topic INSTANCES = of(TopicFamily.INSTANCES);

  static final char SEPARATOR = ':';

  /// @param family one that is subscribed to as a whole
  public static Topic of(TopicFamily family) {
    return new Topic(family.wireName());
  }

  /// @param family one whose topics carry an id
  public static Topic of(TopicFamily family, String id) {
    return new Topic(family.wireName() + SEPARATOR + id);
  }

  public static Topic task(TaskId id) {
    return of(TopicFamily.TASK, id.value());
  }

  /// The topics of everything about a task: its own and, where it names a conversation, that
  /// thread's.
  static List<Topic> ofTask(TaskId id, @Nullable String session) {
    return session == null
        ? List.of(TASKS, task(id))
        : List.of(TASKS, task(id), of(TopicFamily.THREAD, session));
  }

  public static Topic agent(AgentId id) {
    return of(TopicFamily.AGENT, id.value());
  }

  public static Topic instance(InstanceId id) {
    return of(TopicFamily.INSTANCE, id.value());
  }

  public static Topic project(ProjectId id) {
    return of(TopicFamily.PROJECT, id.value());
  }

  public static Topic sprint(SprintId id) {
    return of(TopicFamily.SPRINT, id.value());
  }

  public static Topic item(ItemId id) {
    return of(TopicFamily.ITEM, id.value());
  }

  /// The topic of that name, for one read back from the bus or the log.
  @JsonCreator
  static Topic trusted(String name) {
    return new Topic(name);
  }

  /// The topic that a client named, or VALIDATION_ERROR with reason UNKNOWN_SUBSCRIPTION.
  public static Topic parse(String name) {
    int colon = name.indexOf(SEPARATOR);
    boolean byId = colon >= 0;
    TopicFamily family =
        TopicFamily.named(byId ? name.substring(0, colon) : name)
            .filter(found -> found.byId() == byId)
            .orElseThrow(() -> unknown(name));
    if (byId && !Ids.isValid(name.substring(colon + 1))) {
      throw unknown(name);
    }
    return byId ? of(family, name.substring(colon + 1)) : of(family);
  }

  public TopicFamily family() {
    int colon = name.indexOf(SEPARATOR);
    return TopicFamily.named(colon >= 0 ? name.substring(0, colon) : name)
        .orElseThrow(() -> unknown(name));
  }

  /// What comes after the family's name.
  public String id() {
    int colon = name.indexOf(SEPARATOR);
    if (colon < 0) {
      throw new IllegalStateException("'" + name + "' is a whole family");
    }
    return name.substring(colon + 1);
  }

  static RuntimeException unknown(String name) {
    return new Fault(
            Reason.UNKNOWN_SUBSCRIPTION, "There is no topic '" + name + "'.", "topics", null)
        .asException();
  }

  @Override
  public String toString() {
    return name;
  }
}
