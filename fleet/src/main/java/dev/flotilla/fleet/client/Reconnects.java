package dev.flotilla.fleet.client;

import java.net.URI;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Where and when a client tries next: where it was sent to, when it was told to; else round its
/// nodes, later and later, and at a random time, so that the clients of a node that died do not all
/// knock at the same door at once.
final class Reconnects {
  private static final long FIRST_MS = 250;
  private static final long LONGEST_MS = 10_000;

  /// @param delayMs to wait before
  record Attempt(URI node, long delayMs) {}

  private final List<URI> nodes;
  private final RandomGenerator random = RandomGenerator.getDefault();
  private int at;
  private int inVain;
  private boolean came;
  private @Nullable URI hint;
  private long hintDelayMs = -1;
  private volatile URI last;
  private volatile int successes;
  private volatile int failures;

  Reconnects(List<URI> nodes, int first) {
    this.nodes = List.copyOf(nodes);
    this.at = first;
    this.last = nodes.get(first % nodes.size());
  }

  /// A node told it to go.
  synchronized void sentAway(@Nullable String node, long delayMs) {
    hint = node == null ? null : URI.create(node);
    hintDelayMs = delayMs;
  }

  synchronized Attempt next() {
    boolean told = hintDelayMs >= 0;
    long delay = told ? hintDelayMs : came || inVain > 0 ? random.nextLong(FIRST_MS, limit()) : 0;
    URI to = hint;
    if (to == null) {
      at += told || inVain > 0 || came ? 1 : 0;
      to = nodes.get(at % nodes.size());
    }
    hint = null;
    hintDelayMs = -1;
    last = to;
    return new Attempt(to, delay);
  }

  private long limit() {
    return Math.min(LONGEST_MS, FIRST_MS << Math.min(inVain + 1, 10));
  }

  synchronized void succeeded() {
    came = true;
    inVain = 0;
    successes++;
  }

  synchronized void failed() {
    inVain++;
    failures++;
  }

  URI last() {
    return last;
  }

  int successes() {
    return successes;
  }

  int failures() {
    return failures;
  }
}
