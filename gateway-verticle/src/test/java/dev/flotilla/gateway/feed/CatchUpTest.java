package dev.flotilla.gateway.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.flotilla.bus.Addresses;
import dev.flotilla.bus.Bus;
import dev.flotilla.contract.Topic;
import dev.flotilla.contract.TopicPattern;
import dev.flotilla.gateway.hub.Hub;
import dev.flotilla.gateway.hub.Receiver;
import dev.flotilla.gateway.hub.Stream;
import dev.flotilla.gateway.meter.GatewayMeters;
import dev.flotilla.identity.TenantId;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A client comes to a node that is behind it, and the answers of the log come in any order.
class CatchUpTest {
  private static final TenantId ACME = new TenantId("acme");
  private static final Duration NEVER = Duration.ofDays(1);

  private final Vertx vertx = Vertx.vertx();
  private final Context loop = vertx.getOrCreateContext();
  private final Bus bus = new Bus(vertx, Clock.systemUTC());
  private final FakeLog log = new FakeLog();
  private final Ears ears = new Ears();
  private Stream stream;

  @BeforeEach
  void join() {
    GatewayMeters meters = new GatewayMeters(new SimpleMeterRegistry());
    stream =
        onLoop(
            () -> {
              Feeds feeds =
                  new Feeds(vertx, bus, log, meters, new Feeds.Settings(100, NEVER, NEVER));
              Stream joined = new Hub(loop, feeds, meters).join(ACME, ears, 10);
              joined.subscribe(List.of(Topic.TASKS));
              return joined;
            });
    await().until(() -> onLoop(() -> answered() && stream.position() != null));
    bus.publish(Addresses.events(ACME), onLoop(() -> log.append(1)));
    await().until(() -> onLoop(() -> answered() && ears.seqs.size() == 1));
  }

  @AfterEach
  void stop() {
    vertx.close().await();
  }

  private boolean answered() {
    log.answerAll();
    return true;
  }

  private <T> T onLoop(Supplier<T> action) {
    Promise<T> done = Promise.promise();
    loop.runOnContext(_ -> done.complete(action.get()));
    return done.future().await();
  }

  @Test
  void aNodeThatGoesPastTheClientWhileItAsksForTheHeadSkipsNothing() {
    // The node hears of the last one only, and asks for the head.
    onLoop(() -> log.append(4));
    bus.publish(Addresses.events(ACME), onLoop(() -> log.append(1)));
    await().until(() -> onLoop(() -> log.asked() == 1));
    onLoop(
        () -> {
          log.answerOne(false); // The feed reads what is missing from now on.
          stream.rewind(new Position("e1", 4));
          stream.proceed();
          return true;
        });
    await().until(() -> onLoop(() -> log.asked() == 2));
    onLoop(
        () -> {
          log.answerOne(false);
          return true;
        });
    await().until(() -> onLoop(() -> answered() && ears.seqs.contains(6L)));
    assertThat(ears.seqs).containsExactly(1L, 5L, 6L);
  }

  /// Remembers what it was told.
  private static final class Ears implements Receiver {
    final List<Long> seqs = new CopyOnWriteArrayList<>();

    @Override
    public void durable(Post post) {
      seqs.add(post.seq());
    }

    @Override
    public void ephemeral(Post post) {}

    @Override
    public void missed(Gap gap) {
      throw new AssertionError(gap);
    }

    @Override
    public void tooWide(Set<TopicPattern> dropped) {
      throw new AssertionError(dropped);
    }

    @Override
    public void broken(RuntimeException bug) {
      throw bug;
    }

    @Override
    public boolean backedUp() {
      return false;
    }

    @Override
    public void whenDrained(Runnable action) {
      action.run();
    }
  }
}
