package dev.flotilla.gateway.session;

import dev.flotilla.config.FleetConfig.DialectLimits;
import dev.flotilla.gateway.feed.Rendition;

/// How a session speaks, whatever it is carried by.
public interface Voice extends Rendition {

  /// When a session gets its principal.
  enum Admission {
    /// The request is refused with HTTP 401 without a good credential.
    BEFORE_UPGRADE,
    /// The socket is opened, and closed with 4401 without a good credential.
    AFTER_UPGRADE,
    /// The first frame says who it is.
    IN_BAND
  }

  Admission admission();

  /// True where guests may come in: who has the static token `gateway.authToken`, and where
  /// `gateway.authRequired` is false who has no credential. They are viewers of
  /// `gateway.guestTenant`.
  default boolean admitsGuests() {
    return false;
  }

  DialectLimits limits();

  /// Topics and patterns of one session, at most. More than subscriptions where one subscription
  /// stands for several topics.
  default int maxTopics() {
    return limits().maxSubscriptions();
  }

  /// True where it pings in words of its own, in [Conversation#tick], which then comes every
  /// `gateway.pingInterval`. A client that has not answered one ([Line#answered]) for
  /// `gateway.pongTimeout` is closed with 4408, whatever else it sends.
  default boolean pings() {
    return false;
  }

  /// This side of a new session.
  Conversation converse(Line line);
}
