package dev.flotilla.gateway;

import static dev.flotilla.gateway.fixture.Gateways.ACME;
import static java.util.stream.LongStream.rangeClosed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.flotilla.gateway.fixture.Client;
import dev.flotilla.gateway.fixture.EventStream;
import dev.flotilla.gateway.fixture.Gateways;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SlowStreamIT {
  private static final String TASKS = "/api/v1/stream?topics=tasks";
  private static final int EVENTS = 240;
  private static final int SIZE = 60_000;

  @Test
  void aStreamThatIsReadTooSlowlyEndsAndResumeLosesNothing() {
    try (Gateways gateways = Gateways.start(Map.of("FLOTILLA_GATEWAY_MAX_QUEUED_BYTES", "200000"));
        EventStream slow = EventStream.withToken(gateways.port(), TASKS, gateways.token(ACME))) {
      slow.await(block -> block.id() != null);
      Client fast = gateways.connected(ACME);
      fast.subscribe("tasks");
      for (long seq = 1; seq <= EVENTS; seq++) {
        gateways.recordLarge(ACME, 1, SIZE);
        assertThat(fast.seqs(1)).containsExactly(seq);
      }
      await()
          .untilAsserted(
              () ->
                  assertThat(gateways.meters().scrape())
                      .contains("backpressure_disconnects_total{cause=\"queue\"} 1.0")
                      .contains("flotilla_sessions{dialect=\"stream\"} 1.0"));
      List<Long> got = slow.seqsToTheEnd();
      assertThat(got).isNotEmpty().hasSizeLessThan(EVENTS);
      Map<String, String> back =
          Map.of("Authorization", "Bearer " + gateways.token(ACME), "Last-Event-ID", slow.lastId());
      try (EventStream again = EventStream.open(gateways.port(), TASKS, back)) {
        got.addAll(again.seqs(EVENTS - got.size()));
      }
      assertThat(got).isEqualTo(rangeClosed(1, EVENTS).boxed().toList());
    }
  }

  @Test
  void ephemeralEventsAreDroppedBeforeTheStreamEnds() {
    try (Gateways gateways = Gateways.start(Map.of("FLOTILLA_GATEWAY_MAX_QUEUED_BYTES", "400000"));
        EventStream slow = EventStream.withToken(gateways.port(), TASKS, gateways.token(ACME))) {
      slow.await(block -> block.id() != null);
      Client fast = gateways.connected(ACME);
      fast.subscribe("tasks");
      for (int i = 0; i < EVENTS; i++) {
        gateways.ephemeral(ACME, "t-1", "x".repeat(SIZE));
      }
      gateways.record(ACME, "t-1", 1);
      assertThat(fast.seqs(1)).containsExactly(1L);
      assertThat(slow.seqs(1)).containsExactly(1L);
      assertThat(
              gateways
                  .meters()
                  .get("flotilla.events.delivered")
                  .tags("dialect", "stream", "class", "dropped")
                  .functionCounter()
                  .count())
          .isPositive();
    }
  }

  @Test
  void aReaderThatIsBehindCatchesUpAsFastAsItReads() {
    try (Gateways gateways =
        Gateways.start(Map.of("FLOTILLA_GATEWAY_MAX_QUEUED_BYTES", "200000"))) {
      String epoch = "";
      for (int i = 0; i < 60; i++) {
        epoch = gateways.recordLarge(ACME, 1, SIZE).epoch();
      }
      String since = TASKS + "&since=" + epoch + ":0";
      try (EventStream stream =
          EventStream.withToken(gateways.port(), since, gateways.token(ACME))) {
        assertThat(stream.seqs(60)).isEqualTo(rangeClosed(1, 60).boxed().toList());
      }
    }
  }
}
