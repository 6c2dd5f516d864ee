package dev.flotilla.gateway.dialect.work;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import dev.flotilla.contract.EventKind;
import dev.flotilla.contract.Fact;
import dev.flotilla.contract.ItemFact;
import dev.flotilla.contract.PeopleFact;
import dev.flotilla.contract.PresenceStatus;
import dev.flotilla.contract.WorkFact;
import dev.flotilla.identity.ItemId;
import dev.flotilla.identity.ProjectId;
import dev.flotilla.identity.UserId;
import dev.flotilla.log.Event;
import dev.flotilla.wire.Json;
import dev.flotilla.work.v1.WorkProto.Position;
import dev.flotilla.work.v1.WorkProto.UserPresence;
import dev.flotilla.work.v1.WorkProto.WebSocketMessage;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class WorkEventsTest {
  private static final String EPOCH = "9b2f6c1e4d7a4f0c8a35d1f0b7c2e914";
  private static final String CORRELATION = "0198f4a2-7c39-7d02-8f11-6be0a1d4c3f7";
  private static final Instant AT = Instant.ofEpochMilli(1763631000789L);

  private final WorkEvents events = new WorkEvents(Clock.systemUTC());

  static List<EventKind> carried() {
    return Arrays.stream(EventKind.values()).filter(WorkEventsTest::isCarried).toList();
  }

  static List<EventKind> notCarried() {
    return Arrays.stream(EventKind.values()).filter(kind -> !isCarried(kind)).toList();
  }

  private static boolean isCarried(EventKind kind) {
    return WorkFact.class.isAssignableFrom(kind.payload()) || kind == EventKind.PRESENCE;
  }

  /// Both examples tell of the same: one as the record's JSON, one as the message's.
  @ParameterizedTest
  @MethodSource("carried")
  void theExampleOfAnEventBecomesTheExampleOfItsMessage(EventKind kind) {
    WebSocketMessage expected = Examples.work(exampleOf(kind));
    Fact fact = Json.read(Examples.text("event/" + kind.schema()), kind.payload());
    Long seq = kind.durable() ? expected.getPosition().getSeq() : null;
    Event event = Event.of(seq, fact, AT, userOf(expected), CORRELATION);
    WebSocketMessage sent = encode(event);
    assertThat(sent.getAllFields().get(payloadOf(sent)))
        .isEqualTo(expected.getAllFields().get(payloadOf(expected)));
    if (kind.durable()) {
      assertThat(sent).isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @MethodSource("notCarried")
  void aFactOfAnotherDialectIsNotRendered(EventKind kind) {
    Fact fact = Json.read(Examples.text("event/" + kind.schema()), kind.payload());
    assertThat(events.encode(Event.of(null, fact, AT, null, null), EPOCH)).isNull();
  }

  @Test
  void aDurableEventHasTheSameNameOnEveryNode() {
    Event event = Event.of(57L, deleted(), AT, "alice", null);
    byte[] again = new WorkEvents(Clock.systemUTC()).encode(event, EPOCH);
    assertThat(events.encode(event, EPOCH)).isEqualTo(again);
    assertThat(encode(event).getMessageId()).isEqualTo("57@" + EPOCH);
    assertThat(encode(event).getPosition())
        .isEqualTo(Position.newBuilder().setEpoch(EPOCH).setSeq(57).build());
  }

  @Test
  void anEphemeralEventHasNoPositionAndANameOfItsOwn() {
    Event event = Event.of(null, typing(), AT, null, null);
    assertThat(encode(event).hasPosition()).isFalse();
    assertThat(encode(event).getMessageId())
        .isNotEmpty()
        .isNotEqualTo(encode(event).getMessageId());
  }

  @Test
  void timesAreWholeSeconds() {
    assertThat(encode(Event.of(1L, deleted(), AT, null, null)).getTimestamp())
        .isEqualTo(1763631000L);
  }

  @Test
  void whatNobodyCausedNamesNoUser() {
    WebSocketMessage sent = encode(Event.of(1L, deleted(), AT, null, null));
    assertThat(sent.getWorkItemDeleted().getUserId()).isEmpty();
    assertThat(sent.hasCorrelationId()).isFalse();
  }

  @Test
  void anItemInTheBacklogHasNoSprint() {
    WebSocketMessage sent = encode(Event.of(1L, deleted(), AT, null, null));
    assertThat(sent.getWorkItemDeleted().hasSprintId()).isFalse();
  }

  @Test
  void whoHasStoppedLookingIsAtTheItemButNotViewing() {
    Fact left =
        new PeopleFact.AtItem(
            new ProjectId("p"),
            null,
            new ItemId("i"),
            new UserId("u"),
            PresenceStatus.ONLINE,
            false,
            false);
    UserPresence presence = encode(Event.of(null, left, AT, null, null)).getUserPresence();
    assertThat(presence.getWorkItemId()).isEqualTo("i");
    assertThat(presence.hasViewingItemId()).isFalse();
    assertThat(presence.hasEditingItemId()).isFalse();
  }

  private WebSocketMessage encode(Event event) {
    try {
      return WebSocketMessage.parseFrom(Objects.requireNonNull(events.encode(event, EPOCH)));
    } catch (InvalidProtocolBufferException bad) {
      throw new AssertionError(bad);
    }
  }

  private static Fact deleted() {
    return new ItemFact.Deleted(new ProjectId("p"), null, new ItemId("i"));
  }

  private static Fact typing() {
    return new PeopleFact.Typing(new ProjectId("p"), null, new ItemId("i"), new UserId("u"), true);
  }

  private static String exampleOf(EventKind kind) {
    return switch (kind) {
      case PRESENCE -> "user_presence";
      case WORK_ITEM_PRESENCE -> "user_presence.viewing";
      case WORK_ITEM_TYPING -> "user_typing";
      default -> kind.wireName().replace('.', '_');
    };
  }

  private static FieldDescriptor payloadOf(WebSocketMessage message) {
    return Objects.requireNonNull(
        WebSocketMessage.getDescriptor().findFieldByNumber(message.getPayloadCase().getNumber()));
  }

  /// Who caused it, as the message says.
  private static @Nullable String userOf(WebSocketMessage message) {
    FieldDescriptor field = payloadOf(message).getMessageType().findFieldByName("user_id");
    return (String)
        ((Message) message.getField(payloadOf(message))).getField(Objects.requireNonNull(field));
  }
}
