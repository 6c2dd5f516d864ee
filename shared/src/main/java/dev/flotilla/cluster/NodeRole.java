package dev.flotilla.cluster;

import java.util.Locale;

/// What a node does in the fleet.
public enum NodeRole {
  GATEWAY,
  COMMAND,
  REGISTRY;

  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
