package dev.flotilla.gateway.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.flotilla.contract.Fact;
import dev.flotilla.contract.Topic;
import dev.flotilla.gateway.feed.Position;
import dev.flotilla.gateway.feed.Post;
import dev.flotilla.gateway.feed.Signal;
import dev.flotilla.log.Event;
import dev.flotilla.wire.RawJson;
import io.vertx.core.Context;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MailboxTest {
  private static final Fact FACT = new Fact.Custom(Topic.parse("custom:a"), new RawJson("{}"));
  private static final long COSTLY_NANOS = Duration.ofMillis(150).toNanos();
  private static final Signal OPENED = new Signal.Opened(new Position("e", 1));

  private final Vertx vertx = Vertx.vertx();
  private final Context loop = vertx.getOrCreateContext();
  private final List<Signal> heard = new ArrayList<>();
  private final Mailbox box = new Mailbox(loop, heard::add);

  @AfterEach
  void stop() {
    vertx.close().await();
  }

  @Test
  void whatIsToldInOneGoIsHeardInOrderAndEventsTogether() {
    List<Post> posts = List.of(post(), post(), post(), post());
    onLoop(
        () -> {
          box.accept(OPENED);
          box.accept(new Signal.Posts(posts.subList(0, 1)));
          box.accept(new Signal.Posts(posts.subList(1, 3)));
          box.accept(OPENED);
          box.accept(new Signal.Posts(posts.subList(3, 4)));
        });
    onLoop(() -> {});
    assertThat(heard)
        .containsExactly(
            OPENED,
            new Signal.Posts(posts.subList(0, 3)),
            OPENED,
            new Signal.Posts(posts.subList(3, 4)));
  }

  @Test
  void nothingIsForgottenThatIsToldWhileSomethingIsHeard() {
    int many = 20_000;
    for (int i = 0; i < many; i++) {
      box.accept(OPENED);
    }
    onLoop(() -> {});
    onLoop(() -> {});
    assertThat(heard).hasSize(many);
  }

  @Test
  void aListenerThatFailedHearsWhatComesAfterwards() {
    List<Signal> told = new CopyOnWriteArrayList<>();
    Mailbox failing =
        new Mailbox(
            loop,
            signal -> {
              told.add(signal);
              if (told.size() == 1) {
                throw new IllegalStateException("a bug");
              }
            });
    loop.exceptionHandler(_ -> {});
    onLoop(() -> failing.accept(OPENED));
    onLoop(() -> {});
    onLoop(() -> failing.accept(OPENED));
    await().until(() -> told.size() == 2);
  }

  @Test
  void whatComesSoonAfterCostlyDurableEventsIsHeardInOneTurn() {
    List<Post> posts = List.of(durable(1), durable(2), durable(3));
    List<Signal> told = new CopyOnWriteArrayList<>();
    Mailbox resting =
        new Mailbox(
            loop,
            signal -> {
              told.add(signal);
              for (long start = System.nanoTime(); System.nanoTime() - start < COSTLY_NANOS; ) {
                Thread.onSpinWait();
              }
            },
            Duration.ofSeconds(2));
    for (Post post : posts) {
      onLoop(() -> resting.accept(new Signal.Posts(List.of(post))));
      onLoop(() -> {});
      onLoop(() -> {});
    }
    await()
        .untilAsserted(
            () ->
                assertThat(told)
                    .containsExactly(
                        new Signal.Posts(posts.subList(0, 1)),
                        new Signal.Posts(posts.subList(1, 3))));
  }

  private void onLoop(Runnable action) {
    Promise<Void> done = Promise.promise();
    loop.runOnContext(
        _ -> {
          action.run();
          done.complete();
        });
    done.future().await();
  }

  private static Post post() {
    return new Post(Event.of(null, FACT, Instant.EPOCH, null, null), "e");
  }

  private static Post durable(long seq) {
    return new Post(Event.of(seq, FACT, Instant.EPOCH, null, null), "e");
  }
}
