package dev.flotilla.registry.link;

import java.util.Locale;

/// How a try to connect to an instance ended.
public enum ConnectOutcome {
  CONNECTED,
  /// Nobody answers there, or the answer is no WebSocket.
  UNREACHABLE,
  /// It answers, but is starting or restarting.
  NOT_YET,
  /// It refuses the credential, the protocol or the scopes: trying again soon does not help.
  REFUSED,
  /// An operator has to approve the fleet there.
  PAIRING;

  public String tag() {
    return name().toLowerCase(Locale.ROOT);
  }
}
