package dev.flotilla.gateway.wire;

import java.util.Locale;

/// The ways in which events reach clients. Each event is encoded once for each that needs it.
public enum Encoding {
  CONTROL(0),
  DASHBOARD(1),
  CHAT(2),
  WORK(3),
  /// Server-sent events, with the control dialect's content.
  STREAM(4);

  public static final int SLOTS = values().length;

  private final int slot;

  Encoding(int slot) {
    this.slot = slot;
  }

  /// Its place among the encodings of one event.
  public int slot() {
    return slot;
  }

  /// The name in metrics, limits and logs.
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
