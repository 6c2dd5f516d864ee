package dev.flotilla.command;

import dev.flotilla.fault.Fault;
import dev.flotilla.store.StoreFaults;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Starts straight-line work on the verticle's virtual-thread context. One piece runs at a time, so
/// the verticle's state needs no lock; while one awaits, others go on. After an await, state may
/// have changed: read it again.
public final class Fibers {
  private static final Logger LOG = LoggerFactory.getLogger(Fibers.class);

  private final Vertx vertx;
  private final Context context;
  private int running;
  private @Nullable Promise<Void> idle;

  public Fibers(Vertx vertx, Context context) {
    this.vertx = vertx;
    this.context = context;
  }

  public <R> Future<R> start(Supplier<R> work) {
    Promise<R> done = Promise.promise();
    context.runOnContext(_ -> run(work, done));
    return done.future();
  }

  /// Starts work that nobody waits for. What fails because a store is away is made good elsewhere.
  public void fire(String what, Runnable work) {
    start(
            () -> {
              work.run();
              return what;
            })
        .onFailure(failure -> report(what, failure));
  }

  private static void report(String what, Throwable failure) {
    Fault fault = StoreFaults.of(failure);
    if (fault == null) {
      LOG.error("{} failed", what, failure);
    } else {
      LOG.debug("{}: {}", what, fault.message());
    }
  }

  private <R> void run(Supplier<R> work, Promise<R> done) {
    running++;
    try {
      done.complete(work.get());
    } catch (Throwable failure) {
      done.fail(failure);
    } finally {
      running--;
      Promise<Void> waiting = idle;
      if (running == 0 && waiting != null) {
        waiting.tryComplete();
      }
    }
  }

  /// Completes when no work runs.
  public Future<Void> idle() {
    if (running == 0) {
      return Future.succeededFuture();
    }
    Promise<Void> waiting = idle;
    if (waiting == null || waiting.future().isComplete()) {
      waiting = Promise.promise();
      idle = waiting;
    }
    return waiting.future();
  }

  /// Lets time pass, or less of it when the bell rings first.
  public void pause(Duration limit, Promise<Void> bell) {
    long timer = vertx.setTimer(Math.max(1, limit.toMillis()), _ -> bell.tryComplete());
    bell.future().await();
    vertx.cancelTimer(timer);
  }

  /// Runs work again and again, never twice at a time. Failures end one round, not the series.
  public long every(Duration interval, String what, Runnable work) {
    boolean[] busy = {false};
    return vertx.setPeriodic(
        interval.toMillis(),
        _ -> {
          if (!busy[0]) {
            busy[0] = true;
            fire(
                what,
                () -> {
                  try {
                    work.run();
                  } finally {
                    busy[0] = false;
                  }
                });
          }
        });
  }
}
