package dev.flotilla.gateway.hub;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import dev.flotilla.gateway.feed.Post;
import dev.flotilla.gateway.feed.Signal;
import io.vertx.core.Context;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/// What a feed tells one event loop, in order. However much is told before the loop comes to it is
/// heard in one turn, and events that follow each other are heard together.
///
/// To write to a socket costs the same for one event as for many. So the box rests after durable
/// events that took the loop long to deliver: a busy log is then delivered in few large turns, and
/// an event that comes alone does not wait. How long it rests follows from what the turn took.
final class Mailbox implements Consumer<Signal> {
  /// A loop spends about one part in so many on the durable events of one tenant.
  private static final int REST = 16;

  private static final Duration LONGEST_REST = Duration.ofMillis(30);

  private final Context loop;
  private final Consumer<Signal> listener;
  private final Duration longestRest;
  private final Queue<Signal> told = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean due = new AtomicBoolean();

  Mailbox(Context loop, Consumer<Signal> listener) {
    this(loop, listener, LONGEST_REST);
  }

  Mailbox(Context loop, Consumer<Signal> listener, Duration longestRest) {
    this.loop = loop;
    this.listener = listener;
    this.longestRest = longestRest;
  }

  /// Called on the feeds' context.
  @Override
  public void accept(Signal signal) {
    told.add(signal);
    if (due.compareAndSet(false, true)) {
      loop.runOnContext(_ -> hear());
    }
  }

  private void hear() {
    long start = System.nanoTime();
    boolean durable = false;
    try {
      durable = hearAll();
    } finally {
      // Also where the listener has failed: it hears what comes afterwards.
      if (durable) {
        // After the sockets, which are flushed at the end of this turn.
        loop.runOnContext(_ -> rest(System.nanoTime() - start));
      } else {
        goOn();
      }
    }
  }

  /// @return whether there were durable events
  private boolean hearAll() {
    boolean durable = false;
    List<Post> together = new ArrayList<>();
    for (Signal next = told.poll(); next != null; next = told.poll()) {
      if (next instanceof Signal.Posts(var posts)) {
        durable |= posts.stream().anyMatch(Post::durable);
        together.addAll(posts);
      } else {
        tell(together);
        listener.accept(next);
      }
    }
    tell(together);
    return durable;
  }

  private void rest(long tookNanos) {
    long millis = Math.min(NANOSECONDS.toMillis(tookNanos * REST), longestRest.toMillis());
    if (millis > 0) {
      loop.owner().setTimer(millis, _ -> goOn());
    } else {
      goOn();
    }
  }

  private void goOn() {
    due.set(false); // Before the look: what comes from now on is due anew.
    if (!told.isEmpty() && due.compareAndSet(false, true)) {
      loop.runOnContext(_ -> hear());
    }
  }

  private void tell(List<Post> together) {
    if (!together.isEmpty()) {
      listener.accept(new Signal.Posts(List.copyOf(together)));
      together.clear();
    }
  }
}
