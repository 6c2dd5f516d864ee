package dev.flotilla.gateway.dialect.work;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.flotilla.contract.Topic;
import dev.flotilla.fault.Fault;
import dev.flotilla.fault.FaultCode;
import dev.flotilla.fault.Reason;
import dev.flotilla.gateway.feed.Gap;
import dev.flotilla.gateway.feed.Position;
import dev.flotilla.work.v1.WorkProto.ErrorResponse;
import dev.flotilla.work.v1.WorkProto.GapReason;
import dev.flotilla.work.v1.WorkProto.NoticeKind;
import dev.flotilla.work.v1.WorkProto.SubscriptionConfirmed;
import dev.flotilla.work.v1.WorkProto.WebSocketMessage;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class SessionMessagesTest {
  private static final Instant NOW = Instant.ofEpochMilli(1763631000789L);
  private static final Position HERE = new Position("9b2f6c1e4d7a4f0c8a35d1f0b7c2e914", 42);
  private static final Position HEAD = HERE.at(57);

  private final SessionMessages messages = new SessionMessages(Clock.fixed(NOW, ZoneOffset.UTC));

  @Test
  void aConfirmationLooksLikeItsExample() {
    List<Topic> unsorted =
        topics(
            "presence",
            "sprint:sprint-1",
            "project:project-2",
            "item:task-456",
            "project:project-1");
    assertLikeExample(
        "subscription_confirmed.since", messages.confirmed("uuid-1", unsorted, HERE, HEAD));
  }

  @Test
  void aConfirmationOfNothingIsEmpty() {
    SubscriptionConfirmed confirmed =
        parse(messages.confirmed("unsub-1", List.of(), null, null)).getSubscriptionConfirmed();
    assertThat(confirmed)
        .isEqualTo(SubscriptionConfirmed.newBuilder().setRequestMessageId("unsub-1").build());
  }

  @Test
  void aPongEchoesTheClientsTimeAndSaysWhereTheSessionIs() {
    assertLikeExample("pong", messages.pong(new WorkFrame.Ping("ping-1", 1763631000L), HEAD));
  }

  @Test
  void anErrorLooksLikeItsExample() {
    Fault fault =
        new Fault(
            Reason.INVALID_FIELD,
            "'project_ids' holds 'a b', which is not an id.",
            "project_ids",
            null);
    assertLikeExample(
        "error_response", messages.error("uuid-1", fault, "0198f4a2-7c39-7d02-8f11-6be0a1d4c3f7"));
    Fault later =
        new Fault(
            Reason.RATE_LIMITED,
            "Too many messages; what comes before the delay is over is dropped.",
            null,
            600L);
    assertLikeExample(
        "error_response.rate_limit",
        messages.error("uuid-9", later, "0198f4a2-7c39-7d02-8f11-6be0a1d4c3f7"));
  }

  @Test
  void everyFaultHasOneOfTheSevenCodes() {
    Set<String> codes =
        Arrays.stream(Reason.values())
            .map(reason -> messages.error("", Fault.of(reason, "no"), "c"))
            .map(bytes -> parse(bytes).getErrorResponse())
            .map(ErrorResponse::getErrorCode)
            .collect(Collectors.toSet());
    assertThat(codes)
        .isEqualTo(
            EnumSet.allOf(FaultCode.class).stream().map(Enum::name).collect(Collectors.toSet()));
  }

  @Test
  void aGapSaysWhatIsMissingAndWhereTheStreamGoesOn() {
    assertLikeExample("gap", messages.gap(Gap.removed(43, 50, HERE.epoch())));
    WebSocketMessage unknown = parse(messages.gap(Gap.unknown(Gap.Cause.EPOCH_CHANGED, HERE)));
    assertThat(unknown.getGap().getReason()).isEqualTo(GapReason.GAP_REASON_EPOCH_CHANGED);
    assertThat(unknown.getGap().hasFromSeq()).isFalse();
    assertThat(unknown.getPosition().getSeq()).isEqualTo(42);
    WebSocketMessage ahead = parse(messages.gap(Gap.unknown(Gap.Cause.AHEAD_OF_HEAD, HERE)));
    assertThat(ahead.getGap().getReason()).isEqualTo(GapReason.GAP_REASON_AHEAD_OF_HEAD);
  }

  @Test
  void aNoticeSaysWhatIsAboutToHappen() {
    assertLikeExample("notice", messages.drain(730, "wss://node-2.example.com"));
    assertLikeExample(
        "notice.token_expiring", messages.tokenExpiring(NOW.plus(Duration.ofMinutes(1))));
    WebSocketMessage anywhere = parse(messages.drain(730, null));
    assertThat(anywhere.getNotice().getKind()).isEqualTo(NoticeKind.NOTICE_KIND_DRAIN);
    assertThat(anywhere.getNotice().hasReconnectUrl()).isFalse();
  }

  @Test
  void aRefreshSaysWhatIsLeft() {
    assertLikeExample(
        "auth_refreshed",
        messages.refreshed("auth-1", NOW.plus(Duration.ofHours(1)), topics("project:project-1")));
  }

  @Test
  void aBatchHoldsTheMessagesAsTheyWouldBeSentAlone() {
    WebSocketMessage example = Examples.work("batch_update");
    List<byte[]> whole =
        example.getBatchUpdate().getMessagesList().stream()
            .map(WebSocketMessage::toByteArray)
            .toList();
    WebSocketMessage batch = parse(messages.batch(whole, HERE.at(44)));
    assertThat(batch.getBatchUpdate()).isEqualTo(example.getBatchUpdate());
    assertThat(batch.getPosition()).isEqualTo(example.getPosition());
    assertThat(parse(messages.batch(List.of(), null)).hasBatchUpdate()).isTrue();
  }

  @Test
  void everyMessageHasAnIdOfItsOwn() {
    assertThat(parse(messages.drain(1, null)).getMessageId())
        .isNotEmpty()
        .isNotEqualTo(parse(messages.drain(1, null)).getMessageId());
  }

  private static void assertLikeExample(String name, byte[] sent) {
    WebSocketMessage expected = Examples.work(name);
    WebSocketMessage.Builder found = parse(sent).toBuilder();
    assertThat(found.getMessageId()).isNotEmpty();
    found.setMessageId(expected.getMessageId()); // Random.
    if (found.hasNotice()) {
      found.getNoticeBuilder().setMessage(expected.getNotice().getMessage()); // For people.
    }
    assertThat(found.build()).isEqualTo(expected);
  }

  private static WebSocketMessage parse(byte[] bytes) {
    try {
      return WebSocketMessage.parseFrom(bytes);
    } catch (InvalidProtocolBufferException bad) {
      throw new AssertionError(bad);
    }
  }

  private static List<Topic> topics(String... names) {
    return Arrays.stream(names).map(Topic::parse).toList();
  }
}
