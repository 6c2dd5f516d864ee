package dev.flotilla.fleet.bench.failover;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Creates tasks at a steady pace, whatever becomes of them: every other one in a conversation.
final class Load implements AutoCloseable {
  private static final int BEATS = 5;
  private static final int WORDS = 8;
  private static final int GAP_MS = 100;

  private final ScheduledExecutorService beat = Executors.newSingleThreadScheduledExecutor();
  private final ExecutorService senders = Executors.newVirtualThreadPerTaskExecutor();
  private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
  private final Api api;
  private final Order order;
  private int created;

  Load(Api api, Order order) {
    this.api = api;
    this.order = order;
  }

  void start() {
    long pause = TimeUnit.SECONDS.toNanos(1) / BEATS;
    beat.scheduleAtFixedRate(this::send, 0, pause, TimeUnit.NANOSECONDS);
  }

  private void send() {
    List<Map<String, Object>> tasks = new ArrayList<>();
    for (int i = 0; i < Math.max(1, order.rate() / BEATS); i++) {
      int number = created++;
      String prompt = prompt(number);
      tasks.add(
          number % 2 == 0
              ? Map.of("prompt", prompt, "maxAttempts", 10)
              : Map.of(
                  "prompt",
                  prompt,
                  "maxAttempts",
                  10,
                  "session",
                  "talk-" + number / 2 % order.conversations()));
    }
    senders.execute(
        () -> {
          try {
            api.post("/tasks/batch", Map.of("tasks", tasks));
          } catch (IOException | IllegalStateException refused) {
            failure.compareAndSet(null, refused);
          } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
          }
        });
  }

  /// Each one is another.
  static String prompt(int number) {
    return "[[slow:" + WORDS + ":" + GAP_MS + "]] " + number;
  }

  /// Ends it, and waits until all is created.
  ///
  /// @return how many tasks
  int stop(Duration limit) throws Exception {
    beat.shutdown();
    boolean quiet = beat.awaitTermination(limit.toMillis(), TimeUnit.MILLISECONDS);
    senders.shutdown();
    if (!quiet || !senders.awaitTermination(limit.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new IllegalStateException("tasks could not be created in time");
    }
    Exception bad = failure.get();
    if (bad != null) {
      throw bad;
    }
    return created;
  }

  @Override
  public void close() {
    beat.shutdownNow();
    senders.shutdownNow();
  }
}
