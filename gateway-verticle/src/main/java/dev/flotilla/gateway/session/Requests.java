package dev.flotilla.gateway.session;

import dev.flotilla.fault.Fault;
import dev.flotilla.fault.Reason;
import io.vertx.core.Future;
import io.vertx.core.Promise;
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

  <T> Future<T> submit(boolean changesState, Supplier<Future<T>> work) {
    if (open >= MAX) {
      return Future.failedFuture(
          Fault.retryLater(Reason.RATE_LIMITED, "Too many open requests.", RETRY_AFTER)
              .asException());
    }
    open++;
    Promise<T> answer = Promise.promise();
    if (changesState) {
      changes.add(() -> run(work, answer).onComplete(_ -> changed()));
      runNextChange();
    } else {
      run(work, answer);
    }
    return answer.future().onComplete(_ -> closed());
  }

  /// Runs the action as soon as no request is open.
  void whenIdle(Runnable action) {
    whenIdle = action;
    checkIdle();
  }

  private static <T> Future<T> run(Supplier<Future<T>> work, Promise<T> answer) {
    try {
      work.get().onComplete(answer);
    } catch (RuntimeException failure) {
      answer.fail(failure);
    }
    return answer.future();
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
