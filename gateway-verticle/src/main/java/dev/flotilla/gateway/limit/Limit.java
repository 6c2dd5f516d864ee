package dev.flotilla.gateway.limit;

import java.util.Locale;

/// Which limit a message met.
public enum Limit {
  CONNECTION("messages per second from one connection"),
  USER("messages per minute from one user"),
  TENANT("messages per minute from one tenant"),
  LOGIN("tries to log in per minute");

  private final String meaning;

  Limit(String meaning) {
    this.meaning = meaning;
  }

  /// What it counts, in words that follow a number.
  String meaning() {
    return meaning;
  }

  String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
