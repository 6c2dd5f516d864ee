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
  private int open;
  private boolean changing;
  private @Nullable Runnable whenIdle;

  /// @param answer gets the outcome before the request counts as done
  <T> void submit(boolean changesState, Supplier<Future<T>> work, Handler<AsyncResult<T>> answer) {
    if (open >= MAX) {
      answer.handle(
          Future.failedFuture(
              Fault.retryLater(Reason.RATE_LIMITED, "Too many open requests.", RETRY_AFTER)
                  .asException()));
      return;
    }
    open++;
    if (changesState) {
      changes.add(() -> run(work, answer).onComplete(_ -> changed()));
      runNextChange();
    } else {
      run(work, answer);
    }
  }

  /// Runs the action as soon as no request is open.
  void whenIdle(Runnable action) {
    whenIdle = action;
    checkIdle();
  }

  private <T> Future<T> run(Supplier<Future<T>> work, Handler<AsyncResult<T>> answer) {
    Future<T> running;
    try {
      running = work.get();
    } catch (RuntimeException failure) {
      running = Future.failedFuture(failure);
    }
    return running.onComplete(answer).onComplete(_ -> closed());
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

  private void closed() {
    open--;
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
