package dev.flotilla.gateway.meter;

import dev.flotilla.gateway.wire.Encoding;
import java.util.Locale;

/// How somebody came in.
public enum Via {
  WS,
  STREAM,
  REST;

  /// For sessions.
  public static Via of(Encoding encoding) {
    return encoding == Encoding.STREAM ? STREAM : WS;
  }

  String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
