package dev.flotilla.contract;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/// How the fleet's connection to an instance is. Whether the instance serves is another question:
/// [InstanceState] answers it.
public enum LinkStatus {
  /// The first try has not ended yet.
  CONNECTING,
  CONNECTED,
  /// Nobody answers there, or the connection was lost.
  UNREACHABLE,
  /// It starts, or it said that it stops to start again.
  RESTARTING,
  /// It refuses the credential or the way in which it was asked.
  REFUSED,
  /// It takes no credential from this address for some minutes.
  LOCKED_OUT,
  /// An operator has to approve the fleet's device there.
  PAIRING_REQUIRED,
  /// Its version does not speak the fleet's protocol, or lacks something that the fleet needs.
  INCOMPATIBLE,
  /// The node that should connect cannot decrypt the credential.
  UNUSABLE,
  /// It has no credential: somebody has revoked it.
  CREDENTIAL_REQUIRED,
  /// The fleet has started it again and again, and it has ended each time.
  CRASH_LOOP;

  @JsonValue
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  @JsonCreator
  public static LinkStatus named(String wireName) {
    return valueOf(wireName.toUpperCase(Locale.ROOT));
  }
}
