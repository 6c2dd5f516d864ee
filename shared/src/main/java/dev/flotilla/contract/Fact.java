package dev.flotilla.contract;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.flotilla.identity.InstanceId;
import dev.flotilla.identity.TaskId;
import dev.flotilla.identity.UserId;
import dev.flotilla.wire.RawJson;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What happened: the payload of an event. Each is a row of the event table, [EventKind].
public sealed interface Fact
    permits Fact.TaskChanged,
        Fact.TaskOutput,
        Fact.InstanceChanged,
        Fact.HealthChanged,
        Fact.Heartbeat,
        Fact.PresenceChanged,
        Fact.Custom,
        WorkFact {

  @JsonIgnore
  EventKind kind();

  /// The topics it is delivered on; a session with several of them gets it once.
  @JsonIgnore
  List<Topic> topics();

  /// A task moved from one state to another. Durable.
  ///
  /// @param reason why, in words, where the new state alone does not say it
  record TaskChanged(TaskChange change, Result.TaskView task, @Nullable String reason)
      implements Fact {
    @Override
    public EventKind kind() {
      return EventKind.TASK;
    }

    @Override
    public List<Topic> topics() {
      return List.of(Topic.TASKS, Topic.task(task.id()));
    }
  }

  /// A piece of text that a running task's agent produced. Ephemeral: the whole text is in the
  /// task's result.
  ///
  /// @param change always `output`
  /// @param index counts the pieces of one attempt from 0
  record TaskOutput(TaskChange change, TaskId taskId, int attempt, long index, String text)
      implements Fact {
    public TaskOutput(TaskId taskId, int attempt, long index, String text) {
      this(TaskChange.OUTPUT, taskId, attempt, index, text);
    }

    @Override
    public EventKind kind() {
      return EventKind.TASK_OUTPUT;
    }

    @Override
    public List<Topic> topics() {
      return List.of(Topic.TASKS, Topic.task(taskId));
    }
  }

  /// An instance was registered or removed, or its state changed. Durable, in the log of the tenant
  /// that owns it.
  record InstanceChanged(
      InstanceChange change, InstanceId id, @Nullable InstanceState state, String reason)
      implements Fact {
    @Override
    public EventKind kind() {
      return EventKind.INSTANCE;
    }

    @Override
    public List<Topic> topics() {
      return List.of(Topic.INSTANCES, Topic.instance(id));
    }
  }

  /// How a part of the fleet is has changed. Ephemeral: the current state is what the part itself
  /// answers.
  ///
  /// @param subject what it is about
  /// @param id the instance or node
  /// @param healthy false where it cannot do its work
  record HealthChanged(HealthSubject subject, String id, boolean healthy, String reason)
      implements Fact {
    @Override
    public EventKind kind() {
      return EventKind.HEALTH;
    }

    @Override
    public List<Topic> topics() {
      Topic health = Topic.of(TopicFamily.HEALTH);
      return subject == HealthSubject.INSTANCE
          ? List.of(health, Topic.of(TopicFamily.INSTANCE, id))
          : List.of(health);
    }
  }

  /// An instance is alive, and this is its load. Ephemeral, every `registry.heartbeatInterval`, to
  /// the tenant that owns it.
  ///
  /// @param running tasks of the fleet that run there now
  record Heartbeat(InstanceId id, InstanceState state, int running, int maxConcurrency)
      implements Fact {
    @Override
    public EventKind kind() {
      return EventKind.HEARTBEAT;
    }

    @Override
    public List<Topic> topics() {
      return List.of(Topic.of(TopicFamily.HEARTBEAT), Topic.instance(id));
    }
  }

  /// A user of the tenant came or went, on whatever node. Ephemeral.
  record PresenceChanged(UserId user, PresenceStatus status) implements Fact {
    @Override
    public EventKind kind() {
      return EventKind.PRESENCE;
    }

    @Override
    public List<Topic> topics() {
      return List.of(Topic.of(TopicFamily.PRESENCE));
    }
  }

  /// Something that a client or an outside system published. Ephemeral.
  ///
  /// @param topic a `custom:{name}` topic, or a family that outside systems may feed
  /// @param content any JSON object
  record Custom(Topic topic, RawJson content) implements Fact {
    @Override
    public EventKind kind() {
      return EventKind.CUSTOM;
    }

    @Override
    public List<Topic> topics() {
      return List.of(topic);
    }
  }
}
