package dev.flotilla.fleet.doctor.check;

import dev.flotilla.fleet.doctor.Findings;
import java.time.Duration;
import java.time.Instant;

/// When a certificate ends, and whether that is soon.
record Expiry(String certificate, Instant end) {
  private static final Duration SOON = Duration.ofDays(21);

  /// @param now what comes of it where it has expired
  /// @param then what will come of it
  void judge(String now, String then, String remedy, Findings found) {
    Duration left = Duration.between(Instant.now(), end);
    if (left.isNegative()) {
      found.error(certificate + " has expired, on " + end, now, remedy);
    } else if (left.compareTo(SOON) < 0) {
      found.warning(certificate + " expires in " + left.toDays() + " days", then, remedy);
    }
  }
}
