package dev.flotilla.gateway.session;

import dev.flotilla.fault.Fault;
import dev.flotilla.gateway.feed.Post;
import dev.flotilla.gateway.wire.Encoded;
import dev.flotilla.identity.Principal;
import io.vertx.core.Future;
import org.jspecify.annotations.Nullable;

/// The engine's side of one session, as its dialect sees it. For the session's event loop only.
public interface Line {
  /// The session's id.
  String id();

  /// What the sessions of this event loop share.
  Edge edge();

  void send(Encoded message);

  /// Sends an event now that [Conversation#wants] has kept back.
  void deliver(Post post);

  /// True where so much waits for the client that ephemeral events are dropped.
  boolean backedUp();

  /// Sends a frame that refuses something; it is counted and logged.
  void refuse(Encoded message, Refusal refusal);

  /// Checks a credential and makes the session its holder's. Messages that come meanwhile wait. It
  /// ends with [Conversation#admitted] or [Conversation#refused].
  ///
  /// @param token null for the credential of the upgrade request
  /// @param client name and version of the client, for logs
  void admit(@Nullable String token, @Nullable String client);

  /// Checks a new credential of the same user. What it does not allow any more is unsubscribed. A
  /// refused one changes nothing.
  Future<Refreshed> refresh(@Nullable String token);

  /// Throws before admission, as do [#subscriptions] and [#calls].
  Principal principal();

  Subscriptions subscriptions();

  Calls calls();

  /// Counts a message that was not understood. Too many close the session.
  void malformed();

  /// The message that has just come answers a ping of the dialect's own.
  void answered();

  /// The fault in a failure. Anything else is a bug: logged here, and told with its incident id
  /// only.
  Fault fault(Throwable failure);

  void close(CloseReason reason, String text);
}
