package dev.flotilla.gateway.hub;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MailboxTest {
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
    Fact fact = new Fact.Custom(Topic.parse("custom:a"), new RawJson("{}"));
    return new Post(Event.of(null, fact, Instant.EPOCH, null, null), "e");
  }
}
