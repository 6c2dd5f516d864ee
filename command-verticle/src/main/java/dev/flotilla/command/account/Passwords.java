package dev.flotilla.command.account;

import dev.flotilla.command.store.Deadline;
import dev.flotilla.fault.Fault;
import dev.flotilla.fault.Reason;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// Hashes and checks passwords on threads of their own, few at a time: each takes a core and some
/// megabytes, and who sends many must not get more of either.
public final class Passwords {
  public static final int SHORTEST = 10;
  public static final int LONGEST = 256;

  private static final int THREADS = 2;
  private static final int MOST_WAITING = 64;
  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  /// What is compared with where there is no user: it takes as long as where there is one.
  private static final String NOBODY = Argon2.STANDARD.hash("nobody has this password");

  private final WorkerExecutor threads;
  private final Duration limit;
  private final AtomicInteger waiting = new AtomicInteger();

  /// @param limit how long one may take, with the wait for its turn
  public Passwords(Vertx vertx, Duration limit) {
    this.threads = vertx.createSharedWorkerExecutor("passwords", THREADS);
    this.limit = limit;
  }

  String hash(String password) {
    return run(() -> Argon2.STANDARD.hash(password));
  }

  /// @param stored null where there is no such user or password, which is never right
  boolean verify(String password, @Nullable String stored) {
    boolean right = run(() -> Argon2.verify(password, stored == null ? NOBODY : stored));
    return right && stored != null;
  }

  private <T> T run(Callable<T> work) {
    if (waiting.incrementAndGet() > MOST_WAITING) {
      waiting.decrementAndGet();
      throw Fault.retryLater(
              Reason.OVERLOADED, "Too many passwords wait to be checked here.", RETRY_AFTER)
          .asException();
    }
    // Unordered: the wait of one must not be the wait of all.
    return Deadline.in(limit)
        .await(
            threads.executeBlocking(work, false).onComplete(_ -> waiting.decrementAndGet()),
            "The check of passwords");
  }
}
