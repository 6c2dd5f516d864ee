package dev.flotilla.fleet.up;

import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;

/// Starts a node again that ends without having been asked to, later and later while it does not
/// stay.
final class NodeWatch {
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(3);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(60);
  private static final Duration STAYED = Duration.ofSeconds(60);

  private final NodeProcess node;
  private final PrintWriter err;
  private volatile boolean ended;

  private NodeWatch(NodeProcess node, PrintWriter err) {
    this.node = node;
    this.err = err;
  }

  static NodeWatch over(NodeProcess node, PrintWriter err) {
    NodeWatch watch = new NodeWatch(node, err);
    Thread.ofPlatform().daemon().name("watch-" + node.id()).start(watch::run);
    return watch;
  }

  /// From now on the node may end.
  void end() {
    ended = true;
  }

  private void run() {
    Duration pause = FIRST_PAUSE;
    try {
      while (!ended) {
        int code = node.exitCode();
        if (node.age().compareTo(STAYED) > 0) {
          pause = FIRST_PAUSE;
        }
        if (ended) {
          return;
        }
        err.println(
            "flotilla: %s ended by itself with code %d (%s); it is started again in %ds"
                .formatted(node.id(), code, node.complaint(), pause.toSeconds()));
        Thread.sleep(pause.toMillis());
        pause =
            pause.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0
                ? LONGEST_PAUSE
                : pause.multipliedBy(2);
        node.startUnless(() -> ended);
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    } catch (IOException failure) {
      err.println("flotilla: " + node.id() + " cannot be started again: " + failure.getMessage());
    }
  }
}
