package dev.flotilla.gateway.dialect.chat;

import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.flotilla.contract.AgentStatus;
import dev.flotilla.contract.MessageRole;
import dev.flotilla.contract.Result.TaskError;
import dev.flotilla.contract.TaskChange;
import dev.flotilla.contract.TaskState;
import dev.flotilla.fault.Fault;
import dev.flotilla.fault.FaultCode;
import dev.flotilla.fault.Reason;
import dev.flotilla.gateway.feed.Gap;
import dev.flotilla.gateway.feed.Position;
import dev.flotilla.identity.AgentId;
import dev.flotilla.identity.InstanceId;
import dev.flotilla.identity.TaskId;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// What the server sends: the records whose JSON is the `data` of each type of message in
/// `contract/chat/chat.yml`.
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
sealed interface ServerPayload {

  record Ping() implements ServerPayload {}

  record Refusal(
      FaultCode code,
      Reason reason,
      String message,
      @Nullable String field,
      boolean retryable,
      @Nullable Long retryAfterMs,
      String correlationId)
      implements ServerPayload {
    static Refusal of(Fault fault, String correlationId) {
      return new Refusal(
          fault.code(),
          fault.reason(),
          fault.message(),
          fault.field(),
          fault.retryable(),
          fault.retryAfterMs(),
          correlationId);
    }
  }

  record ThreadHistory(
      String threadId,
      List<Message> messages,
      @Nullable String before,
      @Nullable LiveText live,
      @Nullable Position position)
      implements ServerPayload {}

  record MessageAccepted(String threadId, TaskId taskId) implements ServerPayload {}

  record MessageAborted(String threadId, TaskId taskId) implements ServerPayload {}

  record ThreadMessage(String threadId, Message message, Position position)
      implements ServerPayload {}

  /// @param agentId null where no instance is known, which no running task should have
  record StreamStart(
      String threadId, TaskId taskId, int attempt, @Nullable AgentId agentId, Position position)
      implements ServerPayload {}

  record StreamChunk(String threadId, TaskId taskId, int attempt, long index, String text)
      implements ServerPayload {}

  /// @param status how the attempt has ended: `retrying` where another one follows
  record StreamEnd(
      String threadId,
      TaskId taskId,
      int attempt,
      TaskChange status,
      @Nullable String text,
      @Nullable TaskError error,
      Position position)
      implements ServerPayload {}

  record AgentEvent(
      AgentId agentId,
      InstanceId instanceId,
      AgentStatus status,
      @Nullable String reason,
      @Nullable TaskId taskId,
      @Nullable String threadId,
      @Nullable String tool)
      implements ServerPayload {}

  record Unsubscribed(String topic) implements ServerPayload {}

  record AuthRefreshed(Instant expiresAt, List<String> dropped) implements ServerPayload {}

  record EventsMissing(@Nullable Long from, @Nullable Long to, Gap.Cause reason, Position position)
      implements ServerPayload {
    static EventsMissing of(Gap gap) {
      return new EventsMissing(gap.from(), gap.to(), gap.reason(), gap.position());
    }
  }

  record Notice(
      Kind kind,
      String message,
      @Nullable Long retryAfterMs,
      @Nullable URI node,
      @Nullable Instant expiresAt)
      implements ServerPayload {

    /// What it is about.
    enum Kind {
      DRAIN,
      TOKEN_EXPIRING,
      IDLE,
      TOO_SLOW;

      @JsonValue
      String wireName() {
        return name().toLowerCase(Locale.ROOT);
      }
    }
  }

  /// What somebody has said.
  @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
  record Message(
      TaskId taskId,
      MessageRole role,
      @Nullable String author,
      @Nullable AgentId agentId,
      @Nullable String reqId,
      Instant ts,
      @Nullable String text,
      @Nullable TaskError error,
      TaskState status) {}

  /// What an agent is saying right now.
  @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
  record LiveText(TaskId taskId, int attempt, String text, long nextIndex, boolean partial) {}

  /// The name of the message's type on the wire.
  default String type() {
    return switch (this) {
      case Ping _ -> "ping";
      case Refusal _ -> "error";
      case ThreadHistory _ -> "thread_history";
      case MessageAccepted _ -> "message_accepted";
      case MessageAborted _ -> "message_aborted";
      case ThreadMessage _ -> "thread_message";
      case StreamStart _ -> "stream_start";
      case StreamChunk _ -> "stream_chunk";
      case StreamEnd _ -> "stream_end";
      case AgentEvent _ -> "agent_event";
      case Unsubscribed _ -> "unsubscribed";
      case AuthRefreshed _ -> "auth_refreshed";
      case EventsMissing _ -> "gap";
      case Notice _ -> "notice";
    };
  }
}
