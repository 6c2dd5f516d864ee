package dev.flotilla.gateway.hub;

import dev.flotilla.gateway.feed.Post;
import dev.flotilla.gateway.feed.Signal;
import io.vertx.core.Context;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/// What a feed tells one event loop, in order. However much is told before the loop comes to it is
/// heard in one turn, and events that follow each other are heard together.
final class Mailbox implements Consumer<Signal> {
  private final Context loop;
  private final Consumer<Signal> listener;
  private final Queue<Signal> told = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean due = new AtomicBoolean();

  Mailbox(Context loop, Consumer<Signal> listener) {
    this.loop = loop;
    this.listener = listener;
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
    due.set(false); // Before the box is emptied: what comes from now on is due anew.
    List<Post> together = new ArrayList<>();
    for (Signal next = told.poll(); next != null; next = told.poll()) {
      if (next instanceof Signal.Posts(var posts)) {
        together.addAll(posts);
      } else {
        tell(together);
        listener.accept(next);
      }
    }
    tell(together);
  }

  private void tell(List<Post> together) {
    if (!together.isEmpty()) {
      listener.accept(new Signal.Posts(List.copyOf(together)));
      together.clear();
    }
  }
}
