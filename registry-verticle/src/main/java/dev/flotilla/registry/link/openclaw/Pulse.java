package dev.flotilla.registry.link.openclaw;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Tells whether an instance that keeps its connection still lives: the host of a process that is
/// stopped, or whose loop hangs, keeps it for ever.
///
/// An instance that says nothing is pinged. Pings in vain count, not time alone: while this node
/// itself stood still, it has not listened either.
final class Pulse {
  private static final int PINGS = 2;
  private static final int EXPIRED = 2;

  private final Duration limit;
  private int unanswered;
  private long pingedAt;

  /// @param limit how long an instance may show no sign of life
  Pulse(Duration limit) {
    this.limit = limit;
  }

  /// A new connection has just been heard.
  void begin() {
    unanswered = 0;
  }

  /// Why the connection is of no use any more, or null. Called every second or so.
  @Nullable RpcFailure check(Dialer.Line line) {
    Connection up = line.connection();
    Duration quiet = up.quiet();
    if (quiet.compareTo(line.hello().tickInterval().multipliedBy(2)) > 0) {
      return silent("it was to tick, but nothing was heard for " + seconds(quiet));
    }
    if (up.expired() >= EXPIRED) {
      return silent("it hangs: it has not answered the last " + up.expired() + " requests");
    }
    Duration silence = up.silence();
    Duration pause = limit.dividedBy(PINGS + 1);
    if (silence.compareTo(pause) < 0) {
      unanswered = 0;
    } else if (unanswered == 0 || System.nanoTime() - pingedAt >= pause.toNanos()) {
      if (unanswered == PINGS) {
        return silent(
            "it hangs: it keeps its connection, but has shown no sign of life for "
                + seconds(silence));
      }
      unanswered++;
      pingedAt = System.nanoTime();
      up.ping();
    }
    return null;
  }

  private static RpcFailure silent(String words) {
    return new RpcFailure(RpcFailure.SILENT, "", words);
  }

  private static String seconds(Duration time) {
    return "%.1f s".formatted(time.toMillis() / 1e3);
  }

  /// How an instance is that is connected, in words.
  String inWords() {
    return unanswered < PINGS ? "connected" : "connected, but it has not answered a ping yet";
  }
}
