package dev.flotilla.gateway.session;

import dev.flotilla.gateway.hub.Stream;
import dev.flotilla.identity.Principal;

/// How far a session has come. It only goes forward.
sealed interface Phase {
  /// Nobody has said who it is.
  record Strange() implements Phase {}

  /// Somebody has, and it is being looked at whether that is true.
  record Checking() implements Phase {}

  record Admitted(Principal principal, Stream stream, Subscriptions subscriptions, Calls calls)
      implements Phase {}

  /// It has said why it ends, or the client has.
  ///
  /// @param code with which it is counted
  /// @param until when the client has to have hung up, in the monotonic clock's nanoseconds
  record Closed(String code, long until) implements Phase {}
}
