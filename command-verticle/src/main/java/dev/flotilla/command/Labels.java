package dev.flotilla.command;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Values of a meter's tag that come from outside: only so many of them, and then `other`, because
/// each is a time series of its own.
final class Labels {
  private static final String OTHER = "other";

  private final Set<String> known = ConcurrentHashMap.newKeySet();
  private final int most;

  Labels(int most) {
    this.most = most;
  }

  String of(String value) {
    if (known.contains(value)) {
      return value;
    }
    if (known.size() >= most) {
      return OTHER;
    }
    known.add(value);
    return value;
  }
}
