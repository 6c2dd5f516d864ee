package dev.flotilla.contract;

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
  CUSTOM("custom", "custom", false, Fact.Custom.class);

  private final String wireName;
  private final String schema;
  private final boolean durable;
  private final Class<? extends Fact> payload;

  EventKind(String wireName, String schema, boolean durable, Class<? extends Fact> payload) {
    this.wireName = wireName;
    this.schema = schema;
    this.durable = durable;
    this.payload = payload;
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
