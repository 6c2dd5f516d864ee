package dev.flotilla.telemetry;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What a node needs to do its work, each part with a check that really tries it. `/health/ready`
/// is true when all parts are.
public final class Readiness {
  /// How a part is.
  ///
  /// @param detail why it is not ready, or something worth knowing where it is
  /// @param latencyMs how long the check took
  public record Part(String name, boolean ready, @Nullable String detail, long latencyMs) {}

  private final Map<String, Supplier<Future<@Nullable String>>> checks =
      new ConcurrentSkipListMap<>();
  private final Map<String, Long> turns = new ConcurrentSkipListMap<>();
  private volatile @Nullable String starting;
  private volatile @Nullable String drainReason;

  /// Adds a part, or replaces the one of that name. The check's success means ready, with a detail
  /// or null; its failure's message says why not.
  public void add(String name, Supplier<Future<@Nullable String>> check) {
    checks.put(name, check);
  }

  /// An event loop says that it turns. One that has said so once is expected to go on.
  public void turns(String loop) {
    turns.put(loop, System.nanoTime());
  }

  /// An event loop is not expected to say so any more.
  public void ends(String loop) {
    turns.remove(loop);
  }

  /// The loops that have said nothing for so long.
  public List<String> stuck(Duration limit) {
    long now = System.nanoTime();
    return turns.entrySet().stream()
        .filter(each -> now - each.getValue() > limit.toNanos())
        .map(Map.Entry::getKey)
        .toList();
  }

  /// What a node that starts is doing, in words for who waits for it. It is not ready until it has
  /// [#started].
  public void starts(String doing) {
    starting = doing;
  }

  public void started() {
    starting = null;
  }

  /// What it is doing, or null where it has started.
  public @Nullable String starting() {
    return starting;
  }

  /// From now on the node is not ready, whatever its parts say.
  public void drain(String reason) {
    drainReason = reason;
  }

  public boolean draining() {
    return drainReason != null;
  }

  /// Runs all checks side by side; one that takes longer than the limit is not ready.
  public Future<List<Part>> check(Duration limit) {
    List<Future<Part>> running = new ArrayList<>();
    checks.forEach((name, check) -> running.add(check(name, check, limit)));
    String doing = starting;
    String draining = drainReason;
    return Future.all(running)
        .map(
            _ -> {
              List<Part> parts = new ArrayList<>();
              running.forEach(part -> parts.add(part.result()));
              if (doing != null) {
                parts.add(new Part("start", false, doing, 0));
              }
              if (draining != null) {
                parts.add(new Part("drain", false, draining, 0));
              }
              return parts;
            });
  }

  private static Future<Part> check(
      String name, Supplier<Future<@Nullable String>> check, Duration limit) {
    long start = System.nanoTime();
    Future<@Nullable String> outcome;
    try {
      outcome = check.get().timeout(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (RuntimeException failure) {
      outcome = Future.failedFuture(failure);
    }
    return outcome.transform(
        done ->
            Future.succeededFuture(
                new Part(
                    name,
                    done.succeeded(),
                    done.succeeded() ? done.result() : done.cause().getMessage(),
                    Duration.ofNanos(System.nanoTime() - start).toMillis())));
  }
}
