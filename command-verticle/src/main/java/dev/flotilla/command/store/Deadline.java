package dev.flotilla.command.store;

import dev.flotilla.fault.Fault;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// The instant after which nothing is waited for any more.
///
/// @param nanos on the scale of [System#nanoTime]
public record Deadline(long nanos) {
  private static final Duration RETRY_AFTER = Duration.ofMillis(500);

  public static Deadline in(Duration limit) {
    return new Deadline(System.nanoTime() + limit.toNanos());
  }

  /// The value, or an UNAVAILABLE fault once the deadline has passed. What was asked for may still
  /// happen then.
  ///
  /// A trap: `Future.await(timeout)` gives up without taking the context back, and from then on the
  /// context runs two threads, or none. So it is the future that times out here.
  public <T> T await(Future<T> future, String what) {
    try {
      return future.timeout(Math.max(1, nanos - System.nanoTime()), TimeUnit.NANOSECONDS).await();
    } catch (Throwable failure) {
      if (failure instanceof TimeoutException) {
        throw Fault.unavailable(what, RETRY_AFTER).asException();
      }
      throw failure;
    }
  }
}
