package dev.flotilla.gateway.limit;

import java.util.concurrent.TimeUnit;

/// How fast a bucket fills, and how much it holds.
///
/// A bucket is told by one number, the instant at which it will be full: taking a token moves that
/// instant on by what the token takes to come back. All times are on the scale of
/// [System#nanoTime].
///
/// @param nanosPerToken until one token is back
/// @param nanosUntilFull until an empty bucket is full
record Rate(long nanosPerToken, long nanosUntilFull) {

  static Rate perSecond(int tokens, int burst) {
    return of(TimeUnit.SECONDS.toNanos(1) / tokens, burst);
  }

  /// The bucket holds the tokens of one minute.
  static Rate perMinute(int tokens) {
    return of(TimeUnit.MINUTES.toNanos(1) / tokens, tokens);
  }

  private static Rate of(long nanosPerToken, int tokens) {
    return new Rate(nanosPerToken, nanosPerToken * tokens);
  }

  /// What is missing, in the time that it takes to come back.
  static long debt(long fullAt, long now) {
    return Math.max(0, fullAt - now);
  }

  /// Whole tokens in the bucket.
  long tokens(long fullAt, long now) {
    return Math.max(0, (nanosUntilFull - debt(fullAt, now)) / nanosPerToken);
  }

  /// How long until there is a token, 0 or less where there is one.
  long wait(long fullAt, long now) {
    return debt(fullAt, now) + nanosPerToken - nanosUntilFull;
  }
}
