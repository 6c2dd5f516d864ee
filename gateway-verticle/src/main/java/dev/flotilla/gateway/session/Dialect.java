package dev.flotilla.gateway.session;

import dev.flotilla.config.FleetConfig.DialectLimits;
import dev.flotilla.gateway.feed.Rendition;
import java.util.List;

/// A wire contract: how its sessions speak, and what they may do. Everything else is the engine's
/// and exists once. One object for all sessions of an event loop.
public interface Dialect extends Rendition {

  /// When a session gets its principal.
  enum Admission {
    /// The upgrade is refused with HTTP 401 without a good credential.
    BEFORE_UPGRADE,
    /// The socket is opened, and closed with 4401 without a good credential.
    AFTER_UPGRADE,
    /// The first frame says who it is.
    IN_BAND
  }

  /// Where it is served.
  List<String> paths();

  /// What a client offers in `Sec-WebSocket-Protocol` to name the dialect and its version.
  String subprotocol();

  Admission admission();

  /// True where messages are binary: then a text frame closes the socket with 1003, and vice versa.
  boolean binary();

  DialectLimits limits();

  /// Topics and patterns of one session, at most. More than subscriptions where one subscription
  /// stands for several topics.
  default int maxTopics() {
    return limits().maxSubscriptions();
  }

  /// True where the dialect pings in words of its own, in [Conversation#tick], which then comes every
  /// `gateway.pingInterval`. A client that has not answered one ([Line#answered]) for
  /// `gateway.pongTimeout` is closed with 4408, whatever else it sends.
  default boolean pings() {
    return false;
  }

  /// The dialect's side of a new session.
  Conversation converse(Line line);
}
