package dev.flotilla.contract;

import dev.flotilla.identity.Scope;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/// The topic table: each family with the scope that a subscription needs.
public enum TopicFamily {
  TASKS("tasks", Form.WHOLE, Scope.TASKS_READ),
  TASK("task", Form.BY_ID, Scope.TASKS_READ),
  AGENTS("agents", Form.WHOLE, Scope.TASKS_READ),
  AGENT("agent", Form.BY_ID, Scope.TASKS_READ),
  THREAD("thread", Form.BY_ID, Scope.THREADS_READ),
  PROJECT("project", Form.BY_ID, Scope.WORK_READ),
  SPRINT("sprint", Form.BY_ID, Scope.WORK_READ),
  ITEM("item", Form.BY_ID, Scope.WORK_READ),
  INSTANCES("instances", Form.WHOLE, Scope.INSTANCES_READ),
  INSTANCE("instance", Form.BY_ID, Scope.INSTANCES_READ),
  HEALTH("health", Form.WHOLE, Scope.INSTANCES_READ),
  HEARTBEAT("heartbeat", Form.WHOLE, Scope.INSTANCES_READ),
  PRESENCE("presence", Form.WHOLE, Scope.EVENTS_READ),
  SYSTEM("system", Form.WHOLE, Scope.EVENTS_READ),
  ALERTS("alerts", Form.WHOLE, Scope.EVENTS_READ),
  CUSTOM("custom", Form.BY_ID, Scope.EVENTS_READ);

  /// How topics of a family look.
  enum Form {
    /// `tasks`
    WHOLE,
    /// `task:{id}`
    BY_ID
  }

  private static final Map<String, TopicFamily> BY_NAME =
      Arrays.stream(values())
          .collect(Collectors.toMap(family -> family.wireName, Function.identity()));

  private final String wireName;
  private final Form form;
  private final Scope scope;

  TopicFamily(String wireName, Form form, Scope scope) {
    this.wireName = wireName;
    this.form = form;
    this.scope = scope;
  }

  static Optional<TopicFamily> named(String wireName) {
    return Optional.ofNullable(BY_NAME.get(wireName));
  }

  public String wireName() {
    return wireName;
  }

  /// True where a topic of the family names one thing, such as `task:{id}`.
  public boolean byId() {
    return form == Form.BY_ID;
  }

  /// The scope that a subscription needs.
  public Scope scope() {
    return scope;
  }

  /// How its topics look, as `hello` lists them.
  public String shape() {
    return byId() ? wireName + ":{" + (this == CUSTOM ? "name" : "id") + "}" : wireName;
  }
}
