package dev.flotilla.gateway.dialect.work;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import dev.flotilla.contract.Topic;
import dev.flotilla.fault.Fault;
import dev.flotilla.fault.Reason;
import dev.flotilla.gateway.feed.Position;
import dev.flotilla.work.v1.WorkProto;
import dev.flotilla.work.v1.WorkProto.AuthRefresh;
import dev.flotilla.work.v1.WorkProto.Ping;
import dev.flotilla.work.v1.WorkProto.Subscribe;
import dev.flotilla.work.v1.WorkProto.WebSocketMessage;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class WorkDecoderTest {
  private static final Set<String> FROM_CLIENTS =
      Set.of("subscribe", "unsubscribe", "ping", "auth_refresh", "request");

  @Test
  void subscribeNamesTopicsAPositionAndWhatTheClientUnderstands() {
    assertThat(decode(Examples.work("subscribe.since")))
        .isEqualTo(
            new WorkFrame.Subscribe(
                "uuid-1",
                topics(
                    "project:project-1",
                    "project:project-2",
                    "sprint:sprint-1",
                    "item:task-456",
                    "presence"),
                new Position("9b2f6c1e4d7a4f0c8a35d1f0b7c2e914", 42),
                true));
  }

  @Test
  void subscribeWithoutAPositionGoesOnWhereTheStreamIs() {
    assertThat(decode(Examples.work("subscribe")))
        .isEqualTo(
            new WorkFrame.Subscribe(
                "uuid-1",
                topics("project:project-1", "project:project-2", "sprint:sprint-1"),
                null,
                false));
  }

  @Test
  void subscribeToNothingIsAllowed() {
    assertThat(decode(subscribe(Subscribe.newBuilder())))
        .isEqualTo(new WorkFrame.Subscribe("m", Set.of(), null, false));
  }

  @Test
  void anIdThatIsNamedTwiceIsOneTopic() {
    assertThat(decode(subscribe(Subscribe.newBuilder().addProjectIds("a").addProjectIds("a"))))
        .isEqualTo(new WorkFrame.Subscribe("m", topics("project:a"), null, false));
  }

  @Test
  void unsubscribeNamesTopics() {
    assertThat(decode(Examples.work("unsubscribe.rest")))
        .isEqualTo(new WorkFrame.Unsubscribe("unsub-2", topics("item:task-456", "presence")));
  }

  @Test
  void pingCarriesTheClientsOwnTime() {
    assertThat(decode(ping("p-1", -5))).isEqualTo(new WorkFrame.Ping("p-1", -5));
  }

  @Test
  void aMessageWithoutAnIdIsTaken() {
    assertThat(decode(ping("", 1))).isEqualTo(new WorkFrame.Ping("", 1));
  }

  @Test
  void aTokenIsCarriedButNeverPrinted() {
    WorkFrame frame = decode(Examples.work("auth_refresh"));
    assertThat(frame).isInstanceOf(WorkFrame.AuthRefresh.class);
    if (frame instanceof WorkFrame.AuthRefresh(_, var token)) {
      assertThat(token.reveal()).isEqualTo("eyJhbGciOiJIUzI1NiJ9.e30.c2lnbmF0dXJl");
      assertThat(frame.toString()).doesNotContain(token.reveal());
    }
  }

  @Test
  void fieldsThatThisVersionDoesNotKnowAreIgnored() {
    UnknownFieldSet later =
        UnknownFieldSet.newBuilder()
            .addField(5, UnknownFieldSet.Field.newBuilder().addVarint(1).build())
            .build();
    assertThat(decode(ping("p", 7).toBuilder().setUnknownFields(later).build()))
        .isEqualTo(new WorkFrame.Ping("p", 7));
  }

  static List<String> fromTheServer() {
    return Examples.names().stream()
        .filter(name -> !FROM_CLIENTS.contains(name.split("\\.", 2)[0]))
        .filter(name -> TypedRequests.kind(Examples.work(name)) == null)
        .toList();
  }

  @ParameterizedTest
  @MethodSource("fromTheServer")
  void whatOnlyTheServerSendsIsRefused(String name) {
    WebSocketMessage message = Examples.work(name);
    assertRefused(message.toByteArray(), Reason.UNKNOWN_TYPE, "payload", message.getMessageId());
  }

  @Test
  void aPayloadThatThisVersionDoesNotKnowIsRefused() {
    UnknownFieldSet later =
        UnknownFieldSet.newBuilder()
            .addField(
                99, UnknownFieldSet.Field.newBuilder().addLengthDelimited(ByteString.EMPTY).build())
            .build();
    byte[] bytes =
        WebSocketMessage.newBuilder()
            .setMessageId("m")
            .setUnknownFields(later)
            .build()
            .toByteArray();
    assertRefused(bytes, Reason.UNKNOWN_TYPE, "payload", "m");
    assertRefused(new byte[0], Reason.UNKNOWN_TYPE, "payload", "");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "a b", "a:b", "é", "-a", "project:a", "a\u0000", "*", "a*"})
  void whatIsNoIdIsRefusedByTheNameOfItsList(String id) {
    assertRefused(Subscribe.newBuilder().addProjectIds(id), "project_ids");
    assertRefused(Subscribe.newBuilder().addSprintIds(id), "sprint_ids");
    assertRefused(Subscribe.newBuilder().addWorkItemIds("a").addWorkItemIds(id), "work_item_ids");
  }

  @Test
  void listsAreBounded() {
    List<String> most = Collections.nCopies(WorkDecoder.MAX_IDS, "a");
    assertThat(decode(subscribe(Subscribe.newBuilder().addAllSprintIds(most))))
        .isInstanceOf(WorkFrame.Subscribe.class);
    assertRefused(Subscribe.newBuilder().addAllSprintIds(most).addSprintIds("a"), "sprint_ids");
  }

  @Test
  void aPositionIsBounded() {
    assertRefused(since("", 1), "since.epoch");
    assertRefused(since("a b", 1), "since.epoch");
    assertRefused(since("e".repeat(129), 1), "since.epoch");
    assertRefused(since("e", -1), "since.seq");
    assertRefused(since("e", 1L << 53), "since.seq");
    assertThat(decode(subscribe(since("e".repeat(128), (1L << 53) - 1))))
        .isInstanceOf(WorkFrame.Subscribe.class);
  }

  @Test
  void aTokenIsBounded() {
    assertRefused(auth(""), Reason.INVALID_FIELD, "token", "m");
    assertRefused(auth("t".repeat(WorkDecoder.MAX_TOKEN + 1)), Reason.INVALID_FIELD, "token", "m");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a b", "é", "a\n", "\u007f"})
  void aMessageIdThatCannotBeRepeatedIsRefused(String id) {
    assertRefused(ping(id, 1).toByteArray(), Reason.INVALID_FIELD, "message_id", "");
    assertRefused(ping("x".repeat(129), 1).toByteArray(), Reason.INVALID_FIELD, "message_id", "");
  }

  @Test
  void aBrokenMessageIsAnsweredByItsIdWhereThatCouldBeRead() {
    byte[] whole = ping("ping-7", 1763631000L).toByteArray();
    byte[] cut = Arrays.copyOf(whole, whole.length - 2);
    assertThat(WorkDecoder.decode(cut))
        .isInstanceOfSatisfying(
            WorkFrame.Malformed.class,
            malformed -> {
              assertThat(malformed.id()).isEqualTo("ping-7");
              assertThat(malformed.fault().reason()).isEqualTo(Reason.NOT_PROTOBUF);
            });
    byte[] json = "{\"type\":\"ping\"}".getBytes(StandardCharsets.UTF_8);
    assertThat(WorkDecoder.decode(json))
        .isInstanceOfSatisfying(
            WorkFrame.Malformed.class, malformed -> assertThat(malformed.id()).isEmpty());
  }

  private static WorkFrame decode(WebSocketMessage message) {
    return WorkDecoder.decode(message.toByteArray());
  }

  private static WebSocketMessage ping(String id, long timestamp) {
    return WebSocketMessage.newBuilder()
        .setMessageId(id)
        .setPing(Ping.newBuilder().setTimestamp(timestamp))
        .build();
  }

  private static WebSocketMessage subscribe(Subscribe.Builder subscribe) {
    return WebSocketMessage.newBuilder().setMessageId("m").setSubscribe(subscribe).build();
  }

  private static byte[] auth(String token) {
    return WebSocketMessage.newBuilder()
        .setMessageId("m")
        .setAuthRefresh(AuthRefresh.newBuilder().setToken(token))
        .build()
        .toByteArray();
  }

  private static Subscribe.Builder since(String epoch, long seq) {
    return Subscribe.newBuilder()
        .setSince(WorkProto.Position.newBuilder().setEpoch(epoch).setSeq(seq));
  }

  private static Set<Topic> topics(String... names) {
    return Set.of(names).stream().map(Topic::parse).collect(Collectors.toSet());
  }

  private static void assertRefused(Subscribe.Builder subscribe, String field) {
    assertRefused(subscribe(subscribe).toByteArray(), Reason.INVALID_FIELD, field, "m");
  }

  private static void assertRefused(byte[] bytes, Reason reason, String field, String id) {
    assertThat(WorkDecoder.decode(bytes))
        .isInstanceOfSatisfying(
            WorkFrame.Malformed.class,
            malformed -> {
              Fault fault = malformed.fault();
              assertThat(fault.reason()).isEqualTo(reason);
              assertThat(fault.field()).isEqualTo(field);
              assertThat(malformed.id()).isEqualTo(id);
            });
  }
}
