package dev.flotilla.gateway;

import static dev.flotilla.gateway.fixture.Gateways.ACME;
import static java.util.stream.LongStream.rangeClosed;
import static org.assertj.core.api.Assertions.assertThat;

import dev.flotilla.contract.Comment;
import dev.flotilla.contract.CommentFact;
import dev.flotilla.gateway.fixture.Client;
import dev.flotilla.gateway.fixture.Gateways;
import dev.flotilla.gateway.fixture.LogTape;
import dev.flotilla.gateway.fixture.WorkClient;
import dev.flotilla.identity.CommentId;
import dev.flotilla.identity.ItemId;
import dev.flotilla.identity.ProjectId;
import dev.flotilla.identity.UserId;
import dev.flotilla.work.v1.WorkProto.Subscribe;
import dev.flotilla.work.v1.WorkProto.WebSocketMessage;
import dev.flotilla.work.v1.WorkProto.WebSocketMessage.PayloadCase;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SlowReaderIT {
  private static final int EVENTS = 240;
  private static final int SIZE = 60_000;

  @Test
  void aReaderThatIsTooSlowIsClosedAndResumeLosesNothing() {
    try (Gateways gateways =
        Gateways.start(Map.of("FLOTILLA_GATEWAY_MAX_QUEUED_BYTES", "200000"))) {
      Client slow = gateways.connected(ACME);
      Client fast = gateways.connected(ACME);
      slow.subscribe("tasks");
      fast.subscribe("tasks");
      slow.socket().pause();
      for (long seq = 1; seq <= EVENTS; seq++) {
        gateways.recordLarge(ACME, 1, SIZE);
        assertThat(fast.seqs(1)).containsExactly(seq);
      }
      slow.socket().resume();
      assertThat(slow.closeCode()).isEqualTo(4413);
      List<Long> got = new ArrayList<>();
      String epoch = "";
      for (JsonObject frame : slow.drain()) {
        if (frame.getLong("seq") != null) {
          got.add(frame.getLong("seq"));
          epoch = frame.getString("epoch");
        }
      }
      assertThat(got).isNotEmpty().hasSizeLessThan(EVENTS);
      assertThat(slow.closeText()).contains("seq=" + got.getLast());

      Client back = gateways.connected(ACME);
      back.request(
          "subscribe",
          new JsonObject()
              .put("topics", new JsonArray().add("tasks"))
              .put("since", new JsonObject().put("epoch", epoch).put("seq", got.getLast())),
          null);
      got.addAll(back.seqs(EVENTS - got.size()));
      assertThat(got).isEqualTo(rangeClosed(1, EVENTS).boxed().toList());
    }
  }

  /// Events that wait to go out together must not count as served.
  @Test
  void whoTakesBatchesTooSlowlyIsToldHowFarItWasServed() {
    try (LogTape tape = LogTape.ofANode();
        Gateways gateways = Gateways.start(Map.of("FLOTILLA_GATEWAY_MAX_QUEUED_BYTES", "200000"))) {
      Subscribe.Builder project = Subscribe.newBuilder().addProjectIds("project-1");
      WorkClient slow = WorkClient.open(gateways, gateways.token(ACME));
      slow.subscribe(project.clone().setBatches(true));
      WorkClient fast = WorkClient.open(gateways, gateways.token(ACME));
      fast.subscribe(project);
      slow.socket().pause();
      for (int i = 0; i < EVENTS / 2; i++) {
        gateways.publish(ACME, List.of(comment("a-" + i), comment("b-" + i)), null);
        fast.expect(PayloadCase.COMMENT_ADDED);
        fast.expect(PayloadCase.COMMENT_ADDED);
      }
      slow.socket().resume();
      assertThat(slow.closeCode()).isEqualTo(4413);
      List<Long> got = new ArrayList<>();
      for (WebSocketMessage message : slow.drain()) {
        if (message.hasBatchUpdate()) {
          message
              .getBatchUpdate()
              .getMessagesList()
              .forEach(each -> got.add(each.getPosition().getSeq()));
        } else {
          got.add(message.getPosition().getSeq());
        }
      }
      assertThat(got).hasSizeLessThan(EVENTS);
      assertThat(got).isEqualTo(rangeClosed(1, got.size()).boxed().toList());
      assertThat(slow.closeText()).contains("seq=" + got.size() + "]");
      // What came for it afterwards has asked nothing of a session that was over.
      assertThat(tape.lines()).noneMatch(line -> line.contains("This session has no principal"));
    }
  }

  private static CommentFact comment(String id) {
    return new CommentFact.Added(
        new ProjectId("project-1"),
        null,
        new Comment(
            new CommentId(id),
            new ItemId("one"),
            "x".repeat(SIZE),
            Instant.EPOCH,
            new UserId("bob"),
            null,
            null));
  }

  @Test
  void ephemeralEventsAreDroppedBeforeTheReaderIsClosed() {
    try (Gateways gateways =
        Gateways.start(Map.of("FLOTILLA_GATEWAY_MAX_QUEUED_BYTES", "400000"))) {
      Client slow = gateways.connected(ACME);
      Client fast = gateways.connected(ACME);
      slow.subscribe("tasks");
      fast.subscribe("tasks");
      slow.socket().pause();
      for (int i = 0; i < EVENTS; i++) {
        gateways.ephemeral(ACME, "t-1", "x".repeat(SIZE));
      }
      gateways.record(ACME, "t-1", 1);
      assertThat(fast.seqs(1)).containsExactly(1L);
      slow.socket().resume();
      assertThat(slow.seqs(1)).containsExactly(1L);
      assertThat(slow.isOpen()).isTrue();
      assertThat(
              gateways
                  .meters()
                  .get("flotilla.events.delivered")
                  .tags("dialect", "control", "class", "dropped")
                  .functionCounter()
                  .count())
          .isPositive();
    }
  }
}
