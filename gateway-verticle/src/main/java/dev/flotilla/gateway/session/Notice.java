package dev.flotilla.gateway.session;

import java.net.URI;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What the engine tells a client about its session.
public sealed interface Notice {

  /// The session is about to be closed with 1012, so that the client goes on at another node.
  ///
  /// @param reason `restart` where this node is about to stop, `rebalance` where it has too many
  /// @param retryAfterMs when to connect again; spread, so that not all come at once
  /// @param node where to, null where any will do
  record Drain(String reason, long retryAfterMs, @Nullable URI node) implements Notice {}

  /// Without a refresh the session ends then.
  record TokenEnds(Instant expiresAt) implements Notice {}

  /// The session is about to be closed with 4410: the client has sent nothing for too long.
  record Idle() implements Notice {}

  /// The session is about to be closed with 4413: the client reads too slowly.
  record TooSlow() implements Notice {}
}
