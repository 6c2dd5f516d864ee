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

  /// True where a message may be of either kind.
  default boolean mixed() {
    return false;
  }

  DialectLimits limits();

  /// The dialect's side of a new session.
  Conversation converse(Line line);
}
