package dev.flotilla.gateway.meter;

import java.util.Locale;

/// How a reader showed that it is too slow.
public enum Backpressure {
  /// More waits for it than may.
  QUEUE,
  /// Five sends in a row failed: it takes nothing at all.
  SENDS;

  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
