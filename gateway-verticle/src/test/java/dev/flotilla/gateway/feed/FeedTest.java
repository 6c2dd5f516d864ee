package dev.flotilla.gateway.feed;

import static java.util.stream.LongStream.rangeClosed;
import static org.assertj.core.api.Assertions.assertThat;

import dev.flotilla.contract.EventKind;
import dev.flotilla.contract.Topic;
import dev.flotilla.gateway.meter.GatewayMeters;
import dev.flotilla.identity.TenantId;
import dev.flotilla.log.Event;
import dev.flotilla.log.EventBatch;
import dev.flotilla.wire.RawJson;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.function.Consumer;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FeedTest {
  private static final TenantId ACME = new TenantId("acme");
  private static final int RING = 8;

  private final FakeLog log = new FakeLog();
  private final Ears ears = new Ears();
  private final Deque<Runnable> soon = new ArrayDeque<>();
  private Feed feed = feed();

  @BeforeEach
  void start() {
    feed = feed();
    feed.add(ears);
  }

  private Feed feed() {
    return feed(log);
  }

  private Feed feed(LogView view) {
    return new Feed(ACME, view, new GatewayMeters(new SimpleMeterRegistry()), RING, soon::add);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
  void whateverTheBusDoesEverySeqIsToldOnceAndInOrder(long seed) {
    Random random = new Random(seed);
    log.append(random.nextInt(5));
    feed.check();
    List<EventBatch> underWay = new ArrayList<>();
    for (int step = 0; step < 2_000; step++) {
      switch (random.nextInt(11)) {
        case 0, 1, 2, 3 -> underWay.add(log.append(1 + random.nextInt(4)));
        case 4, 5, 6 -> deliver(underWay, random);
        case 7 -> log.answerOne(random.nextInt(10) == 0);
        case 8 -> feed.check();
        case 9 -> timePasses();
        default -> log.answerAll();
      }
    }
    underWay.forEach(feed::hear);
    for (int i = 0; i < 3; i++) {
      log.answerAll();
      feed.check();
    }
    log.answerAll();
    assertThat(ears.missed).isEmpty();
    assertThat(ears.seqs)
        .isEqualTo(rangeClosed(ears.opened().seq() + 1, log.head()).boxed().toList());
  }

  /// One of the batches arrives, is lost, or arrives twice.
  private void deliver(List<EventBatch> underWay, Random random) {
    if (underWay.isEmpty()) {
      return;
    }
    Collections.shuffle(
        underWay.subList(Math.max(0, underWay.size() - 3), underWay.size()), random);
    EventBatch batch = underWay.getFirst();
    if (random.nextInt(6) != 0) {
      underWay.removeFirst();
    }
    if (random.nextInt(4) != 0) {
      feed.hear(batch);
    }
  }

  @Test
  void itStartsAtTheHeadAndTellsWhatCameWhileItAsked() {
    log.append(5);
    feed.check();
    EventBatch meanwhile = log.batch(6, 2);
    feed.hear(meanwhile);
    assertThat(ears.seqs).isEmpty();
    log.answerAll();
    assertThat(ears.opened().seq()).isEqualTo(5);
    assertThat(ears.seqs).containsExactly(6L, 7L);
  }

  @Test
  void itTriesAgainToStartWhenTheLogIsBack() {
    feed.check();
    log.failAll();
    assertThat(ears.opened).isNull();
    feed.check();
    log.answerAll();
    assertThat(ears.opened().seq()).isZero();
  }

  @Test
  void aSecondListenerHearsWhereTheFeedIs() {
    started();
    feed.hear(log.append(3));
    Ears second = new Ears();
    feed.add(second);
    assertThat(second.opened().seq()).isEqualTo(3);
    feed.remove(ears);
    feed.hear(log.append(1));
    assertThat(second.seqs).containsExactly(4L);
    assertThat(ears.seqs).containsExactly(1L, 2L, 3L);
  }

  @Test
  void ephemeralEventsPassWhileAHoleIsOpen() {
    started();
    log.append(1);
    feed.hear(log.append(1));
    feed.hear(new EventBatch(ACME, "e1", List.of(event(null, new RawJson("{}")))));
    assertThat(ears.ephemeral).isEqualTo(1);
    assertThat(ears.seqs).isEmpty();
    timePasses();
    log.answerAll();
    assertThat(ears.seqs).containsExactly(1L, 2L);
  }

  @Test
  void batchesThatOvertakeEachOtherAreNotReadFromTheLog() {
    started();
    EventBatch late = log.append(1);
    feed.hear(log.append(1));
    feed.hear(late);
    EventBatch later = log.append(1);
    feed.hear(log.append(1));
    timePasses();
    assertThat(log.asked()).isZero();
    feed.hear(later);
    timePasses();
    assertThat(soon).isEmpty();
    assertThat(log.asked()).isZero();
    assertThat(ears.seqs).containsExactly(1L, 2L, 3L, 4L);
  }

  @Test
  void aHoleThatStaysIsReadFromTheLogThoughOtherEventsComeMeanwhile() {
    started();
    log.append(1);
    feed.hear(log.append(1));
    feed.hear(log.append(1));
    timePasses();
    log.answerAll();
    assertThat(ears.seqs).containsExactly(1L, 2L, 3L);
  }

  @Test
  void aFailedReadSkipsNothing() {
    started();
    log.append(2);
    feed.hear(log.append(1));
    timePasses();
    log.failAll();
    feed.hear(log.append(1));
    timePasses();
    log.failAll();
    feed.check();
    log.answerAll();
    assertThat(ears.seqs).containsExactly(1L, 2L, 3L, 4L);
  }

  @Test
  void aLongTailIsReadInPages() {
    started();
    log.append(Feed.PAGE * 3 + 7);
    feed.check();
    log.answerAll();
    assertThat(ears.seqs).hasSize(Feed.PAGE * 3 + 7);
  }

  @Test
  void whatRetentionTookIsAGap() {
    started();
    log.append(10);
    log.removeUpTo(6);
    feed.check();
    log.answerAll();
    assertThat(ears.seqs).containsExactly(7L, 8L, 9L, 10L);
    assertThat(ears.missed).containsExactly(Gap.removed(1, 6, "e1"));
  }

  @Test
  void aLogThatLostItsTailIsAGap() {
    started();
    feed.hear(log.append(10));
    log.truncate(4);
    feed.check();
    log.answerAll();
    assertThat(ears.missed)
        .containsExactly(Gap.unknown(Gap.Cause.AHEAD_OF_HEAD, new Position("e1", 4)));
    feed.hear(log.append(1));
    assertThat(ears.seqs.getLast()).isEqualTo(5);
  }

  @Test
  void anotherEpochIsAGapOnlyWhenTheLogConfirmsIt() {
    started();
    feed.hear(log.append(3));
    feed.hear(new EventBatch(ACME, "stale", List.of(event(4L, new RawJson("{}")))));
    log.answerAll();
    assertThat(ears.missed).isEmpty();
    log.reset("e2");
    feed.hear(log.append(2));
    log.answerAll();
    assertThat(ears.missed)
        .containsExactly(Gap.unknown(Gap.Cause.EPOCH_CHANGED, new Position("e2", 2)));
    feed.hear(log.append(1));
    assertThat(ears.seqs).containsExactly(1L, 2L, 3L, 3L);
  }

  @Test
  void aQuestionThatIsNeverAnsweredIsPutAgain() {
    feed = feed(LogView.within(Duration.ofMillis(300), log));
    feed.check();
    looksUntilAsked(2); // The head.
    log.answerAll();
    log.append(3);
    feed.check();
    log.answerOne(false);
    looksUntilAsked(2); // After the events.
  }

  private void looksUntilAsked(int questions) {
    Awaitility.await()
        .pollInSameThread()
        .until(
            () -> {
              feed.check();
              return log.asked() >= questions;
            });
  }

  @Test
  void anEventThatTheLogDoesNotHaveIsForgotten() {
    started();
    feed.hear(new EventBatch(ACME, "e1", List.of(event(9L, new RawJson("{}")))));
    timePasses();
    log.answerAll();
    feed.hear(log.append(1));
    assertThat(log.asked()).isZero();
    assertThat(ears.seqs).containsExactly(1L);
  }

  @Test
  void aPageComesFromTheRingWhereItReachesAndElseFromTheLog() {
    started();
    feed.hear(log.append(20));
    Page recent = Objects.requireNonNull(feed.page(12, 20).result());
    assertThat(recent.posts())
        .extracting(Post::seq)
        .isEqualTo(rangeClosed(13, 20).boxed().toList());
    assertThat(log.asked()).isZero();
    var older = feed.page(11, 20);
    assertThat(log.asked()).isEqualTo(1);
    log.answerAll();
    assertThat(older.result().posts())
        .extracting(Post::seq)
        .isEqualTo(rangeClosed(12, 20).boxed().toList());
    assertThat(older.result().upTo()).isEqualTo(20);
    assertThat(feed.page(20, 20).result().posts()).isEmpty();
  }

  @Test
  void whatIsHeavyIsKeptAndReadInSmallerPieces() {
    log.weighEach(3 << 20);
    started();
    feed.hear(log.append(5));
    Page recent = Objects.requireNonNull(feed.page(3, 5).result());
    assertThat(recent.posts()).extracting(Post::seq).containsExactly(4L, 5L);
    assertThat(log.asked()).isZero();
    var older = feed.page(0, 5);
    log.answerAll();
    assertThat(older.result().posts()).extracting(Post::seq).containsExactly(1L, 2L, 3L);
    assertThat(older.result().upTo()).isEqualTo(3);
  }

  /// As much of it as a hole has to fill by itself.
  private void timePasses() {
    List<Runnable> due = List.copyOf(soon);
    soon.clear();
    due.forEach(Runnable::run);
  }

  private void started() {
    feed.check();
    log.answerAll();
  }

  static Event event(@Nullable Long seq, RawJson payload) {
    return new Event(seq, EventKind.TASK, List.of(Topic.TASKS), Instant.EPOCH, null, null, payload);
  }

  /// Remembers what it was told.
  private static final class Ears implements Consumer<Signal> {
    final List<Long> seqs = new ArrayList<>();
    final List<Gap> missed = new ArrayList<>();
    int ephemeral;
    @Nullable Position opened;

    @Override
    public void accept(Signal signal) {
      switch (signal) {
        case Signal.Opened(Position position) -> {
          assertThat(opened).isNull();
          opened = position;
        }
        case Signal.Posts(var posts) -> {
          posts.stream().filter(Post::durable).map(Post::seq).forEach(seqs::add);
          ephemeral += (int) posts.stream().filter(post -> !post.durable()).count();
        }
        case Signal.Missed(Gap gap) -> missed.add(gap);
      }
    }

    Position opened() {
      return Objects.requireNonNull(opened);
    }
  }
}
