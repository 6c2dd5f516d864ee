package dev.flotilla.gateway.session;

import dev.flotilla.fault.Fault;
import dev.flotilla.gateway.feed.Gap;
import dev.flotilla.gateway.feed.Post;
import dev.flotilla.identity.Principal;

/// The dialect's side of one session: what it makes of messages, and how it says what the engine
/// has to say. Called on the session's event loop only, never after the session has closed.
public interface Conversation {

  /// The socket is open. Nobody knows yet whose it is, unless admission came before the upgrade.
  void opened();

  /// The session has its principal, and from now on its events.
  void admitted(Principal principal);

  /// The credential was refused; the engine closes the socket right after.
  void refused(Fault fault);

  /// A whole message, within the limits. What it throws is told by [#faulty].
  void received(Message message);

  /// A message could not be taken: too large, not understood, or a bug of ours.
  void faulty(Fault fault);

  /// A message is above the rate limit and is not processed. Only called where a notice is due; who
  /// must answer each message overrides [#limited] as a whole.
  ///
  /// @param noticeDue false where a notice was given within the notice interval
  default void limited(Message message, Fault fault, boolean noticeDue) {
    if (noticeDue) {
      faulty(fault);
    }
  }

  /// Something that the client should know about its session.
  void notice(Notice notice);

  /// Durable events that cannot be delivered any more.
  void missed(Gap gap);

  /// Called every `gateway.tickInterval` once admitted, or every `gateway.pingInterval` in a
  /// dialect that pings, unless the client is behind with reading.
  default void tick() {}

  /// False for an event of its topics that the client has by another way, or that [Line#deliver]
  /// sends later. Asked once for each event, in order, right before it is sent.
  default boolean wants(Post post) {
    return true;
  }
}
