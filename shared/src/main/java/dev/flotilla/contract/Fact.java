package dev.flotilla.contract;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.flotilla.identity.AgentId;
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
        Fact.AgentChanged,
        Fact.HealthChanged,
        Fact.Heartbeat,
        Fact.PresenceChanged,
        Fact.Custom,
        Fact.AlertRaised,
        Fact.SystemAnnounced,
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
      return Topic.ofTask(task.id(), task.session());
    }
  }

  /// A piece of text that a running task's agent produced. Ephemeral: what the pieces add up to is
  /// in the history of the conversation while the task runs, and in its result afterwards.
  ///
  /// A piece takes the place of everything from its index on: `text[0, index) + piece`. Mostly that
  /// is the end of the text so far. It is not where the agent took words back, where another owner
  /// of the link tells the text again, or in a later attempt, whose first piece begins at 0. A
  /// piece that begins beyond the end of the text says that one is missing.
  ///
  /// @param change always `output`
  /// @param session the conversation, for a task that names one
  /// @param index where the piece begins in the attempt's text, in UTF-16 units
  record TaskOutput(
      TaskChange change,
      TaskId taskId,
      @Nullable String session,
      int attempt,
      long index,
      String text)
      implements Fact {
    public TaskOutput(
        TaskId taskId, @Nullable String session, int attempt, long index, String text) {
      this(TaskChange.OUTPUT, taskId, session, attempt, index, text);
    }

    /// A piece for a task without a named conversation.
    public TaskOutput(TaskId taskId, int attempt, long index, String text) {
      this(taskId, null, attempt, index, text);
    }

    @Override
    public EventKind kind() {
      return EventKind.TASK_OUTPUT;
    }

    @Override
    public List<Topic> topics() {
      return Topic.ofTask(taskId, session);
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

  /// What an agent does has changed, as far as one tenant may know: it is told of its own tasks
  /// only. Ephemeral: what agents do now is what `agent.list` answers.
  ///
  /// @param taskId the task that it is about; null where the agent is idle or unavailable
  /// @param session the task's conversation, for a task that names one
  /// @param tool which tool it uses, by the name that the instance gives it
  record AgentChanged(
      AgentId id,
      InstanceId instance,
      AgentStatus status,
      @Nullable TaskId taskId,
      @Nullable String session,
      @Nullable String tool)
      implements Fact {
    @Override
    public EventKind kind() {
      return EventKind.AGENT;
    }

    @Override
    public List<Topic> topics() {
      return List.of(Topic.of(TopicFamily.AGENTS), Topic.agent(id));
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
  /// @param load by the instance's own account; null where it has not told
  record Heartbeat(
      InstanceId id,
      InstanceState state,
      int running,
      int maxConcurrency,
      @Nullable InstanceLoad load)
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

  /// Somebody who may has told everybody of the tenant something. Durable.
  ///
  /// @param id the same for all tenants that were told, and for a notice of the system with it
  record AlertRaised(String id, AlertSeverity severity, String message, String source)
      implements Fact {
    @Override
    public EventKind kind() {
      return EventKind.ALERT;
    }

    @Override
    public List<Topic> topics() {
      return List.of(Topic.of(TopicFamily.ALERTS));
    }
  }

  /// The system says something about itself. Durable.
  ///
  /// @param id of the alert that it came with
  record SystemAnnounced(String id, AlertSeverity severity, String message, String source)
      implements Fact {
    @Override
    public EventKind kind() {
      return EventKind.SYSTEM;
    }

    @Override
    public List<Topic> topics() {
      return List.of(Topic.of(TopicFamily.SYSTEM));
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
