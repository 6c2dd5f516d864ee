package dev.flotilla.registry.drill;

import io.vertx.core.Context;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/// The fake instance as its host sees it: a process with one thread, which can be stopped.
public final class FakeProcess {
  static final long NEVER_MS = Duration.ofDays(1).toMillis();

  private final Context loop;
  private @Nullable CountDownLatch stopped;
  private volatile boolean mute;

  FakeProcess(Context loop) {
    this.loop = loop;
  }

  /// Like SIGSTOP, or a loop that hangs: the host still takes connections and whatever is sent, and
  /// nobody answers. Ask the instance nothing before [#resume].
  public void stop() {
    resume();
    CountDownLatch latch = new CountDownLatch(1);
    CountDownLatch begun = new CountDownLatch(1);
    stopped = latch;
    loop.runOnContext(
        _ -> {
          begun.countDown();
          await(latch);
        });
    await(begun);
  }

  /// Like SIGCONT: it goes on as if nothing had been.
  public void resume() {
    CountDownLatch latch = stopped;
    stopped = null;
    if (latch != null) {
      latch.countDown();
    }
  }

  /// While true, it reads requests and answers pings, and answers no request.
  public void mute(boolean silent) {
    mute = silent;
  }

  boolean isMute() {
    return mute;
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
