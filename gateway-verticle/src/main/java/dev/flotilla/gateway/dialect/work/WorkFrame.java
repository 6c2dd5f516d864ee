package dev.flotilla.gateway.dialect.work;

import dev.flotilla.config.Secret;
import dev.flotilla.contract.Topic;
import dev.flotilla.fault.Fault;
import dev.flotilla.gateway.feed.Position;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a client sends. Whatever it sends is one of these.
public sealed interface WorkFrame {

  /// The `message_id` that answers repeat; empty where the client gave none.
  String id();

  /// @param topics each named once; none is allowed
  /// @param since where the stream is to start again, null to go on where it is
  /// @param batches the client understands `BatchUpdate`
  record Subscribe(String id, Set<Topic> topics, @Nullable Position since, boolean batches)
      implements WorkFrame {}

  record Unsubscribe(String id, Set<Topic> topics) implements WorkFrame {}

  /// @param timestamp the client's own, to be echoed
  record Ping(String id, long timestamp) implements WorkFrame {}

  /// @param token a new one for the same user
  record AuthRefresh(String id, Secret token) implements WorkFrame {}

  /// A command of the fleet.
  ///
  /// @param params a JSON object as text, not read yet; empty for none
  /// @param idempotencyKey null where the client gave none
  /// @param typed it has a message of its own, and so has its answer
  record Request(
      String id, String method, String params, @Nullable String idempotencyKey, boolean typed)
      implements WorkFrame {}

  /// Bytes that are no message of the protocol, or one that no client may send.
  ///
  /// @param id empty where it could not be read
  record Malformed(String id, Fault fault) implements WorkFrame {}

  /// The name of its payload, for logs.
  default String type() {
    return switch (this) {
      case Subscribe _ -> "subscribe";
      case Unsubscribe _ -> "unsubscribe";
      case Ping _ -> "ping";
      case AuthRefresh _ -> "auth_refresh";
      case Request _ -> "request";
      case Malformed _ -> "malformed";
    };
  }

  /// The topics that it names.
  default Set<Topic> topics() {
    return switch (this) {
      case Subscribe(_, var topics, _, _) -> topics;
      case Unsubscribe(_, var topics) -> topics;
      case Ping _, AuthRefresh _, Request _, Malformed _ -> Set.of();
    };
  }
}
