package dev.flotilla.gateway.dialect.chat;

import dev.flotilla.fault.Fault;
import dev.flotilla.gateway.feed.Position;
import org.jspecify.annotations.Nullable;

/// What a client sends. Whatever it sends is one of these.
sealed interface ClientMessage {

  /// A message of the contract.
  ///
  /// @param topic `system`, or what the client says that it is about
  /// @param reqId what the client wants to know the answer by
  record Asked(String topic, @Nullable String reqId, Request request) implements ClientMessage {}

  /// A text that is no message of the contract.
  record Malformed(@Nullable String reqId, Fault fault) implements ClientMessage {}

  /// The `data` of each type of message.
  sealed interface Request {
    /// @param since where to go on, null for from now on
    /// @param limit messages in the history, null for the usual number
    record SubscribeThread(String threadId, @Nullable Position since, @Nullable Integer limit)
        implements Request {}

    record UnsubscribeThread(String threadId) implements Request {}

    record SubscribeAgent(String agentId) implements Request {}

    record UnsubscribeAgent(String agentId) implements Request {}

    record SendMessage(String threadId, String text) implements Request {}

    record AbortMessage(String threadId) implements Request {}

    record AuthRefresh(String token) implements Request {}

    record Pong() implements Request {}

    /// The name of the message's type on the wire.
    default String type() {
      return switch (this) {
        case SubscribeThread _ -> "subscribe_thread";
        case UnsubscribeThread _ -> "unsubscribe_thread";
        case SubscribeAgent _ -> "subscribe_agent";
        case UnsubscribeAgent _ -> "unsubscribe_agent";
        case SendMessage _ -> "send_message";
        case AbortMessage _ -> "abort_message";
        case AuthRefresh _ -> "auth_refresh";
        case Pong _ -> "pong";
      };
    }

    /// What it is about.
    default String topic() {
      return switch (this) {
        case SubscribeThread(var threadId, _, _) -> EventRendering.thread(threadId);
        case UnsubscribeThread(var threadId) -> EventRendering.thread(threadId);
        case SendMessage(var threadId, _) -> EventRendering.thread(threadId);
        case AbortMessage(var threadId) -> EventRendering.thread(threadId);
        case SubscribeAgent(var agentId) -> EventRendering.agent(agentId);
        case UnsubscribeAgent(var agentId) -> EventRendering.agent(agentId);
        case AuthRefresh _, Pong _ -> ServerMessage.SYSTEM;
      };
    }
  }
}
