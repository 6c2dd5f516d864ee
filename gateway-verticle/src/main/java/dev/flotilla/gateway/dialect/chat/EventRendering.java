package dev.flotilla.gateway.dialect.chat;

import dev.flotilla.contract.Fact;
import dev.flotilla.contract.MessageRole;
import dev.flotilla.contract.Result.TaskOutcome;
import dev.flotilla.contract.Result.TaskView;
import dev.flotilla.contract.TaskChange;
import dev.flotilla.contract.Topic;
import dev.flotilla.contract.TopicFamily;
import dev.flotilla.contract.WorkFact;
import dev.flotilla.gateway.feed.Position;
import dev.flotilla.identity.AgentId;
import dev.flotilla.identity.InstanceId;
import dev.flotilla.log.Event;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Events as the chat dialect tells them: what happens to the tasks of a thread is what is said in
/// it.
final class EventRendering {
  private EventRendering() {}

  /// Null where the dialect does not carry the event.
  static @Nullable ServerMessage render(Event event, String epoch) {
    return switch (event.fact()) {
      case Fact.TaskChanged changed when changed.task().session() != null ->
          told(event, epoch, changed, changed.task().session());
      case Fact.TaskOutput output when output.session() != null ->
          ServerMessage.of(
              thread(output.session()),
              null,
              event.at(),
              new ServerPayload.StreamChunk(
                  output.session(),
                  output.taskId(),
                  output.attempt(),
                  output.index(),
                  output.text()));
      case Fact.AgentChanged changed ->
          ServerMessage.of(
              agent(changed.id().value()),
              null,
              event.at(),
              new ServerPayload.AgentEvent(
                  changed.id(),
                  changed.instance(),
                  changed.status(),
                  null,
                  changed.taskId(),
                  changed.session(),
                  changed.tool()));
      case Fact.TaskChanged _,
          Fact.TaskOutput _,
          Fact.InstanceChanged _,
          Fact.HealthChanged _,
          Fact.Heartbeat _,
          Fact.PresenceChanged _,
          Fact.Custom _,
          Fact.AlertRaised _,
          Fact.SystemAnnounced _,
          WorkFact _ ->
          null;
    };
  }

  static String thread(String threadId) {
    return Topic.of(TopicFamily.THREAD, threadId).name();
  }

  static String agent(String agentId) {
    return Topic.of(TopicFamily.AGENT, agentId).name();
  }

  static @Nullable AgentId agentOf(@Nullable InstanceId instance) {
    return instance == null ? null : AgentId.of(instance);
  }

  private static @Nullable ServerMessage told(
      Event event, String epoch, Fact.TaskChanged changed, String threadId) {
    Position position = new Position(epoch, Objects.requireNonNullElse(event.seq(), 0L));
    ServerPayload data =
        switch (changed.change()) {
          case SCHEDULED, QUEUED -> queued(changed, threadId, position);
          case RUNNING ->
              new ServerPayload.StreamStart(
                  threadId,
                  changed.task().id(),
                  changed.task().attempt(),
                  agentOf(changed.task().instance()),
                  position);
          case RETRYING, SUCCEEDED, FAILED, DEAD, CANCELLED, EXPIRED ->
              end(changed, threadId, changed.change(), position);
          // What was purged had ended: its end was told then.
          case OUTPUT, PURGED -> null;
        };
    return data == null
        ? null
        : ServerMessage.of(
            thread(threadId), RequestLabel.in(changed.task().labels()), event.at(), data);
  }

  /// A new task is told as what its user has said. One that has waited for its time, and never run,
  /// is no news here.
  private static @Nullable ServerPayload queued(
      Fact.TaskChanged changed, String threadId, Position position) {
    TaskView task = changed.task();
    if (task.prompt() != null) {
      return message(task, threadId, position);
    }
    return task.attempt() == 0 ? null : end(changed, threadId, TaskChange.RETRYING, position);
  }

  private static ServerPayload message(TaskView task, String threadId, Position position) {
    return new ServerPayload.ThreadMessage(
        threadId,
        new ServerPayload.Message(
            task.id(),
            MessageRole.USER,
            task.createdBy(),
            null,
            RequestLabel.in(task.labels()),
            task.createdAt(),
            task.prompt(),
            null,
            task.state()),
        position);
  }

  private static ServerPayload end(
      Fact.TaskChanged changed, String threadId, TaskChange status, Position position) {
    TaskView task = changed.task();
    TaskOutcome result = task.result();
    return new ServerPayload.StreamEnd(
        threadId,
        task.id(),
        task.attempt(),
        status,
        result == null ? null : result.text(),
        result == null ? task.error() : null,
        position);
  }
}
