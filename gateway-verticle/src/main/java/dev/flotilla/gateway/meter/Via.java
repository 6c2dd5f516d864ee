package dev.flotilla.gateway.meter;

import java.util.Locale;

/// How somebody came in.
public enum Via {
  WS,
  REST;

  String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
