package dev.flotilla.contract;

import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/// The event table: name on the wire, whether it is kept in the tenant's log, and its payload,
/// whose schema is `contract/event/{schema}.json`.
public enum EventKind {
  TASK("task", "task", true, Fact.TaskChanged.class),
  TASK_OUTPUT("task", "task.output", false, Fact.TaskOutput.class),
  INSTANCE("instance", "instance", true, Fact.InstanceChanged.class),
  AGENT("agent", "agent", false, Fact.AgentChanged.class),
  HEALTH("health", "health", false, Fact.HealthChanged.class),
  HEARTBEAT("heartbeat", "heartbeat", false, Fact.Heartbeat.class),
  PRESENCE("presence", "presence", false, Fact.PresenceChanged.class),
  CUSTOM("custom", "custom", false, Fact.Custom.class),
  ALERT("alert", "alert", true, Fact.AlertRaised.class),
  SYSTEM("system", "system", true, Fact.SystemAnnounced.class),

  PROJECT_CREATED("project.created", true, ProjectFact.Created.class),
  PROJECT_UPDATED("project.updated", true, ProjectFact.Updated.class),
  PROJECT_DELETED("project.deleted", true, ProjectFact.Deleted.class),
  WORK_ITEM_CREATED("work_item.created", true, ItemFact.Created.class),
  WORK_ITEM_UPDATED("work_item.updated", true, ItemFact.Updated.class),
  WORK_ITEM_DELETED("work_item.deleted", true, ItemFact.Deleted.class),
  WORK_ITEM_MOVED("work_item.moved", true, ItemFact.Moved.class),
  WORK_ITEM_PRESENCE("work_item.presence", false, PeopleFact.AtItem.class),
  WORK_ITEM_TYPING("work_item.typing", false, PeopleFact.Typing.class),
  SPRINT_CREATED("sprint.created", true, SprintFact.Created.class),
  SPRINT_UPDATED("sprint.updated", true, SprintFact.Updated.class),
  SPRINT_DELETED("sprint.deleted", true, SprintFact.Deleted.class),
  SPRINT_STARTED("sprint.started", true, SprintFact.Started.class),
  SPRINT_COMPLETED("sprint.completed", true, SprintFact.Completed.class),
  COMMENT_ADDED("comment.added", true, CommentFact.Added.class),
  COMMENT_UPDATED("comment.updated", true, CommentFact.Updated.class),
  COMMENT_DELETED("comment.deleted", true, CommentFact.Deleted.class),
  TIME_ENTRY_STARTED("time_entry.started", true, TimeFact.Started.class),
  TIME_ENTRY_STOPPED("time_entry.stopped", true, TimeFact.Stopped.class),
  TIME_ENTRY_UPDATED("time_entry.updated", true, TimeFact.Updated.class),
  TIME_ENTRY_DELETED("time_entry.deleted", true, TimeFact.Deleted.class),
  DEPENDENCY_CREATED("dependency.created", true, DependencyFact.Created.class),
  DEPENDENCY_DELETED("dependency.deleted", true, DependencyFact.Deleted.class);

  private static final Map<Class<?>, EventKind> BY_PAYLOAD =
      Arrays.stream(values()).collect(Collectors.toMap(EventKind::payload, Function.identity()));

  private final String wireName;
  private final String schema;
  private final boolean durable;
  private final Class<? extends Fact> payload;

  EventKind(String wireName, boolean durable, Class<? extends Fact> payload) {
    this(wireName, wireName, durable, payload);
  }

  EventKind(String wireName, String schema, boolean durable, Class<? extends Fact> payload) {
    this.wireName = wireName;
    this.schema = schema;
    this.durable = durable;
    this.payload = payload;
  }

  /// The one kind that such facts are of.
  static EventKind of(Class<? extends Fact> payload) {
    EventKind kind = BY_PAYLOAD.get(payload);
    if (kind == null) {
      throw new IllegalArgumentException(payload + " is in no row of the event table");
    }
    return kind;
  }

  public String wireName() {
    return wireName;
  }

  public String schema() {
    return schema;
  }

  /// True where the event has a seq, is kept, and is seen by everyone who resumes.
  public boolean durable() {
    return durable;
  }

  public Class<? extends Fact> payload() {
    return payload;
  }
}
