package dev.flotilla.gateway.session;

import dev.flotilla.fault.Fault;
import dev.flotilla.fault.Reason;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The open requests of one session. Those that change state run one after the other, in the order
/// in which they came; reads overlap.
final class Requests {
  /// Open requests at the same time, at most.
  static final int MAX = 256;

  private static final Duration RETRY_AFTER = Duration.ofMillis(250);

  private final Queue<Runnable> changes = new ArrayDeque<>();
  private final long maxBytes;
  private int open;
  private long bytes;
  private boolean changing;
  private @Nullable Runnable whenIdle;

  /// @param maxBytes what all open requests together may weigh
  Requests(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  /// @param weight of the request, in bytes, for as long as it is open
  /// @param answer gets the outcome before the request counts as done
  <T> void submit(
      boolean changesState, int weight, Supplier<Future<T>> work, Handler<AsyncResult<T>> answer) {
    if (open >= MAX || bytes + weight > maxBytes) {
      answer.handle(
          Future.failedFuture(
              Fault.retryLater(Reason.RATE_LIMITED, "Too many open requests.", RETRY_AFTER)
                  .asException()));
      return;
    }
    open++;
    bytes += weight;
    if (changesState) {
      changes.add(() -> run(weight, work, answer).onComplete(_ -> changed()));
      runNextChange();
    } else {
      run(weight, work, answer);
    }
  }

  /// Runs the action as soon as no request is open.
  void whenIdle(Runnable action) {
    whenIdle = action;
    checkIdle();
  }

  private <T> Future<T> run(int weight, Supplier<Future<T>> work, Handler<AsyncResult<T>> answer) {
    Future<T> running;
    try {
      running = work.get();
    } catch (RuntimeException failure) {
      running = Future.failedFuture(failure);
    }
    return running.onComplete(answer).onComplete(_ -> closed(weight));
  }

  private void runNextChange() {
    if (!changing && !changes.isEmpty()) {
      changing = true;
      changes.remove().run();
    }
  }

  private void changed() {
    changing = false;
    runNextChange();
  }

  private void closed(int weight) {
    open--;
    bytes -= weight;
    checkIdle();
  }

  private void checkIdle() {
    Runnable action = whenIdle;
    if (open == 0 && action != null) {
      whenIdle = null;
      action.run();
    }
  }
}
