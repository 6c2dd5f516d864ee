package dev.flotilla.store;

import dev.flotilla.fault.Fault;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.function.Supplier;

/// Patience with a PostgreSQL that is not there yet, or lets nobody in for some seconds. While a
/// node serves, who asks is told at once; while it starts, nobody waits but the node.
public final class SlowStart {
  /// Everything of a deployment may start at once; a database takes some seconds.
  public static final Duration PATIENCE = Duration.ofSeconds(30);

  private static final long PAUSE_MS = 200;

  private SlowStart() {}

  /// Takes a step of the start again for as long as it is the store that does not let it succeed.
  /// What came of the last time is what comes of it.
  ///
  /// @param step harmless where it has been taken before
  public static <R> Future<R> outlast(Vertx vertx, Supplier<Future<R>> step) {
    return outlast(vertx, PATIENCE, step);
  }

  static <R> Future<R> outlast(Vertx vertx, Duration patience, Supplier<Future<R>> step) {
    return outlast(vertx, System.nanoTime(), patience, step);
  }

  private static <R> Future<R> outlast(
      Vertx vertx, long since, Duration patience, Supplier<Future<R>> step) {
    return step.get()
        .recover(
            failure ->
                isSlow(failure) && System.nanoTime() - since < patience.toNanos()
                    ? vertx.timer(PAUSE_MS).compose(_ -> outlast(vertx, since, patience, step))
                    : Future.failedFuture(failure));
  }

  private static boolean isSlow(Throwable failure) {
    Fault fault = StoreFaults.of(failure);
    return fault != null && fault.retryable();
  }
}
