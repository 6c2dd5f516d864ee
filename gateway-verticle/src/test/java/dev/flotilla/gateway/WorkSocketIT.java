package dev.flotilla.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.flotilla.contract.EventKind;
import dev.flotilla.contract.Fact;
import dev.flotilla.contract.ItemFact;
import dev.flotilla.contract.PeopleFact;
import dev.flotilla.contract.PresenceStatus;
import dev.flotilla.gateway.fixture.EventExamples;
import dev.flotilla.gateway.fixture.Gateways;
import dev.flotilla.gateway.fixture.WorkClient;
import dev.flotilla.identity.ItemId;
import dev.flotilla.identity.ProjectId;
import dev.flotilla.identity.SprintId;
import dev.flotilla.identity.TenantId;
import dev.flotilla.identity.UserId;
import dev.flotilla.work.v1.WorkProto.AuthRefresh;
import dev.flotilla.work.v1.WorkProto.ErrorResponse;
import dev.flotilla.work.v1.WorkProto.GapReason;
import dev.flotilla.work.v1.WorkProto.NoticeKind;
import dev.flotilla.work.v1.WorkProto.Ping;
import dev.flotilla.work.v1.WorkProto.Position;
import dev.flotilla.work.v1.WorkProto.Subscribe;
import dev.flotilla.work.v1.WorkProto.SubscriptionConfirmed;
import dev.flotilla.work.v1.WorkProto.Unsubscribe;
import dev.flotilla.work.v1.WorkProto.WebSocketMessage;
import dev.flotilla.work.v1.WorkProto.WebSocketMessage.PayloadCase;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.UpgradeRejectedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The work dialect on live sockets.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WorkSocketIT {
  private static final ProjectId PROJECT = new ProjectId("project-1");
  private static final SprintId SPRINT = new SprintId("sprint-1");

  private final Gateways gateways = Gateways.start();

  @AfterAll
  void stop() {
    gateways.close();
  }

  /// Each test has its own log.
  private TenantId tenant() {
    return gateways.tenant();
  }

  private WorkClient open(TenantId tenant) {
    return WorkClient.open(gateways, gateways.token(tenant));
  }

  private static Subscribe.Builder project() {
    return Subscribe.newBuilder().addProjectIds(PROJECT.value());
  }

  /// Something happens to an item of the project, in the sprint.
  private void happens(TenantId tenant, String... items) {
    for (String item : items) {
      ItemFact deleted = new ItemFact.Deleted(PROJECT, SPRINT, new ItemId(item));
      gateways.publish(tenant, List.of(deleted), null);
    }
  }

  private static List<String> items(WorkClient client, int count) {
    return IntStream.range(0, count)
        .mapToObj(_ -> client.expect(PayloadCase.WORK_ITEM_DELETED))
        .map(message -> message.getWorkItemDeleted().getWorkItemId())
        .toList();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "not.a.token", "eyJhbGciOiJub25lIn0.e30."})
  void withoutAGoodTokenTheUpgradeIsRefused(String token) {
    UpgradeRejectedException refusal =
        catchThrowableOfType(
            UpgradeRejectedException.class, () -> WorkClient.open(gateways, token));
    assertThat(refusal.getStatus()).isEqualTo(401);
  }

  @Test
  void theServerIsSilentUntilItIsAskedSomething() {
    open(tenant()).expectNothing();
  }

  @Test
  void severalClientsGetTheSameMessage() {
    TenantId tenant = tenant();
    List<WorkClient> clients = IntStream.range(0, 5).mapToObj(_ -> open(tenant)).toList();
    clients.forEach(client -> client.subscribe(project()));
    gateways.publish(tenant, List.of(EventExamples.of(EventKind.WORK_ITEM_CREATED)), "c-1");
    List<WebSocketMessage> heard = clients.stream().map(WorkClient::next).distinct().toList();
    assertThat(heard).hasSize(1);
    assertThat(heard.getFirst().getPayloadCase()).isEqualTo(PayloadCase.WORK_ITEM_CREATED);
    assertThat(heard.getFirst().getWorkItemCreated().getUserId()).isEqualTo("bob");
  }

  @Test
  void anEventReachesWhoHasItsProjectItsSprintOrItsItemOnceAndNobodyElse() {
    TenantId tenant = tenant();
    WorkClient all = open(tenant);
    all.subscribe(project().addSprintIds(SPRINT.value()).addWorkItemIds("one"));
    WorkClient sprint = open(tenant);
    sprint.subscribe(Subscribe.newBuilder().addSprintIds(SPRINT.value()));
    WorkClient item = open(tenant);
    item.subscribe(Subscribe.newBuilder().addWorkItemIds("two"));
    WorkClient other = open(tenant);
    other.subscribe(Subscribe.newBuilder().addProjectIds("project-2").addWorkItemIds("three"));
    happens(tenant, "one", "two");
    assertThat(items(all, 2)).containsExactly("one", "two");
    assertThat(items(sprint, 2)).containsExactly("one", "two");
    assertThat(items(item, 1)).containsExactly("two");
    List.of(all, sprint, item, other).forEach(WorkClient::expectNothing);
  }

  @Test
  void nothingComesAfterUnsubscribe() {
    TenantId tenant = tenant();
    WorkClient client = open(tenant);
    client.subscribe(project().addWorkItemIds("kept"));
    client.send(
        WebSocketMessage.newBuilder()
            .setMessageId("u-1")
            .setUnsubscribe(Unsubscribe.newBuilder().addProjectIds(PROJECT.value())));
    SubscriptionConfirmed left =
        client.expect(PayloadCase.SUBSCRIPTION_CONFIRMED).getSubscriptionConfirmed();
    assertThat(left.getRequestMessageId()).isEqualTo("u-1");
    assertThat(left.getSubscribedProjectIdsList()).isEmpty();
    assertThat(left.getSubscribedWorkItemIdsList()).containsExactly("kept");
    happens(tenant, "gone", "kept");
    assertThat(items(client, 1)).containsExactly("kept");
  }

  @Test
  void nothingOfOneTenantReachesAnotherWhateverItAsksFor() {
    TenantId mine = tenant();
    WorkClient stranger = open(tenant());
    stranger.subscribe(project().addSprintIds(SPRINT.value()).addWorkItemIds("secret"));
    for (String id : List.of(mine.value() + ":project-1", "project-*", "../project-1", "*")) {
      stranger.send(
          WebSocketMessage.newBuilder()
              .setMessageId("m-1")
              .setSubscribe(Subscribe.newBuilder().addProjectIds(id)));
      ErrorResponse refused = stranger.expectError("INVALID_FIELD");
      assertThat(refused.getErrorCode()).isEqualTo("VALIDATION_ERROR");
      assertThat(refused.getRequestMessageId()).isEqualTo("m-1");
      assertThat(refused.getFieldName()).isEqualTo("project_ids");
    }
    WorkClient owner = open(mine);
    owner.subscribe(project());
    happens(mine, "secret");
    assertThat(items(owner, 1)).containsExactly("secret");
    stranger.expectNothing();
  }

  @Test
  void whoComesBackElsewhereGetsWhatWasMissedAndThenWhatIsNew() {
    TenantId tenant = tenant();
    Gateways.Running elsewhere = gateways.another("node-elsewhere");
    WorkClient before = open(tenant);
    before.subscribe(project());
    happens(tenant, "seen");
    Position seen = before.expect(PayloadCase.WORK_ITEM_DELETED).getPosition();
    before.close();
    happens(tenant, "missed-1", "missed-2");
    WorkClient after = WorkClient.open(gateways, elsewhere.port(), gateways.token(tenant));
    WebSocketMessage confirmed = after.subscribe(project().setSince(seen));
    assertThat(confirmed.getPosition()).isEqualTo(seen);
    assertThat(confirmed.getSubscriptionConfirmed().getHead().getSeq())
        .isEqualTo(seen.getSeq() + 2);
    happens(tenant, "new");
    assertThat(items(after, 3)).containsExactly("missed-1", "missed-2", "new");
  }

  @Test
  void whoTakesBatchesGetsWhatWasMissedInFewMessages() {
    TenantId tenant = tenant();
    happens(tenant, IntStream.range(0, 50).mapToObj(i -> "item-" + i).toArray(String[]::new));
    String epoch = gateways.log().head(tenant).await().epoch();
    WorkClient client = open(tenant);
    client.subscribe(project().setSince(Position.newBuilder().setEpoch(epoch)).setBatches(true));
    List<Long> seqs = new ArrayList<>();
    int messages = 0;
    for (; seqs.size() < 50; messages++) {
      WebSocketMessage batch = client.expect(PayloadCase.BATCH_UPDATE);
      batch
          .getBatchUpdate()
          .getMessagesList()
          .forEach(event -> seqs.add(event.getPosition().getSeq()));
      assertThat(batch.getPosition().getSeq()).isGreaterThanOrEqualTo(seqs.getLast());
    }
    assertThat(seqs).isSorted().doesNotHaveDuplicates();
    assertThat(messages).isLessThan(25);
  }

  /// A client that goes on after a pong's position must have everything up to there.
  @Test
  void aPongSaysNoMoreThanWasSentBefore() {
    TenantId tenant = tenant();
    WorkClient client = open(tenant);
    client.subscribe(project().setBatches(true));
    int events = 300;
    for (int i = 0; i < events; i++) {
      client.send(ping("before-" + i));
      happens(tenant, "item-" + i);
      client.send(ping("after-" + i));
    }
    long seen = 0;
    for (int pongs = 0; seen < events || pongs < 2 * events; ) {
      WebSocketMessage message = client.next();
      if (message.hasPong()) {
        pongs++;
        assertThat(message.getPosition().getSeq()).isLessThanOrEqualTo(seen);
      } else {
        seen = message.getPosition().getSeq();
      }
    }
  }

  @Test
  void aPositionOfAnotherLogIsAGap() {
    TenantId tenant = tenant();
    happens(tenant, "unknown");
    WorkClient client = open(tenant);
    Position foreign = Position.newBuilder().setEpoch("another-log").setSeq(1).build();
    client.subscribe(project().setSince(foreign));
    WebSocketMessage gap = client.expect(PayloadCase.GAP);
    assertThat(gap.getGap().getReason()).isEqualTo(GapReason.GAP_REASON_EPOCH_CHANGED);
    assertThat(gap.getPosition().getSeq()).isEqualTo(1);
    happens(tenant, "new");
    assertThat(items(client, 1)).containsExactly("new");
  }

  @Test
  void whoAsksForPresenceHearsWhoComesAndWhoTypesIsHeardWithoutIt() {
    TenantId tenant = tenant();
    WorkClient board = open(tenant);
    board.subscribe(project());
    WorkClient people = WorkClient.open(gateways, gateways.token(tenant, "carol"));
    people.subscribe(project().setPresence(true));
    PeopleFact typing =
        new PeopleFact.Typing(PROJECT, SPRINT, new ItemId("one"), new UserId("dan"), true);
    gateways.publish(
        tenant,
        List.of(new Fact.PresenceChanged(new UserId("dan"), PresenceStatus.ONLINE), typing),
        null);
    assertThat(board.expect(PayloadCase.USER_TYPING).getUserTyping().getIsTyping()).isTrue();
    List<String> users = new ArrayList<>();
    WebSocketMessage next = people.next();
    for (; next.hasUserPresence(); next = people.next()) {
      users.add(next.getUserPresence().getUserId());
    }
    assertThat(users).contains("dan");
    assertThat(next.getPayloadCase()).isEqualTo(PayloadCase.USER_TYPING);
  }

  @Test
  void whatMakesNoSenseGetsAnErrorAndTheSocketStaysOpen() {
    WorkClient client = open(tenant());
    client.socket().writeBinaryMessage(Buffer.buffer("no protobuf"));
    assertThat(client.expectError("NOT_PROTOBUF").getErrorCode()).isEqualTo("VALIDATION_ERROR");
    client.send(WebSocketMessage.newBuilder().setMessageId("m-2"));
    assertThat(client.expectError("UNKNOWN_TYPE").getRequestMessageId()).isEqualTo("m-2");
    Subscribe.Builder many = Subscribe.newBuilder();
    IntStream.range(0, 501).forEach(i -> many.addWorkItemIds("item-" + i));
    client.send(WebSocketMessage.newBuilder().setMessageId("m-3").setSubscribe(many));
    assertThat(client.expectError("SUBSCRIPTION_LIMIT").getRequestMessageId()).isEqualTo("m-3");
    client.socket().writeBinaryMessage(Buffer.buffer(new byte[70_000]));
    client.expectError("PAYLOAD_TOO_LARGE");
    client.expectNothing();
  }

  @Test
  void aTextAndAHugeMessageCloseTheSocket() {
    WorkClient talker = open(tenant());
    talker.socket().writeTextMessage("{}");
    assertThat(talker.closeCode()).isEqualTo(1003);
    WorkClient giant = open(tenant());
    giant.socket().writeBinaryMessage(Buffer.buffer(new byte[1_100_000]));
    assertThat(giant.closeCode()).isEqualTo(1009);
  }

  @Test
  void aSubscriptionNeedsItsScope() {
    WorkClient client = WorkClient.open(gateways, gateways.narrowToken(tenant(), "work.read"));
    client.send(WebSocketMessage.newBuilder().setSubscribe(project().setPresence(true)));
    assertThat(client.expectError("MISSING_SCOPE").getErrorCode())
        .isEqualTo("AUTHORIZATION_FAILED");
    client.subscribe(project());
  }

  @Test
  void aSessionGoesOnWithANewTokenAndLosesWhatThatDoesNotAllow() {
    TenantId tenant = tenant();
    WorkClient client = open(tenant);
    client.subscribe(project());
    client.send(refresh("not.a.token"));
    assertThat(client.expectError("TOKEN_INVALID").getErrorCode())
        .isEqualTo("AUTHENTICATION_FAILED");
    happens(tenant, "still-there");
    assertThat(items(client, 1)).containsExactly("still-there");
    client.send(refresh(gateways.narrowToken(tenant, "tasks.read")));
    WebSocketMessage refreshed = client.expect(PayloadCase.AUTH_REFRESHED);
    assertThat(refreshed.getAuthRefreshed().getRequestMessageId()).isEqualTo("r-1");
    assertThat(refreshed.getAuthRefreshed().getSubscriptions().getSubscribedProjectIdsList())
        .isEmpty();
    happens(tenant, "not-for-you");
    client.expectNothing();
  }

  private static WebSocketMessage.Builder refresh(String token) {
    return WebSocketMessage.newBuilder()
        .setMessageId("r-1")
        .setAuthRefresh(AuthRefresh.newBuilder().setToken(token));
  }

  @Test
  void aSessionEndsWithItsToken() {
    WorkClient client = gateways.briefly(tenant(), token -> WorkClient.open(gateways, token));
    assertThat(client.expectError("TOKEN_EXPIRED").getErrorCode())
        .isEqualTo("AUTHENTICATION_FAILED");
    assertThat(client.closeCode()).isEqualTo(4401);
  }

  @Test
  void aNodeThatStopsSaysSoFirst() {
    Gateways.Running leaving = gateways.another("node-leaving");
    WorkClient client = WorkClient.open(gateways, leaving.port(), gateways.token(tenant()));
    client.expectNothing();
    gateways.stop(leaving);
    assertThat(client.expect(PayloadCase.NOTICE).getNotice().getKind())
        .isEqualTo(NoticeKind.NOTICE_KIND_DRAIN);
    assertThat(client.closeCode()).isEqualTo(1012);
  }

  @Test
  void aUserAboveTheRateIsToldSoWhicheverSocketIsUsed() {
    try (Gateways strict = Gateways.start(Map.of("FLOTILLA_DIALECTS_WORK_USER_RATE", "100"))) {
      WorkClient one = WorkClient.open(strict, strict.token(Gateways.GLOBEX));
      WorkClient two = WorkClient.open(strict, strict.token(Gateways.GLOBEX));
      for (int i = 0; i < 120; i++) {
        one.send(ping("one-" + i));
        two.send(ping("two-" + i));
      }
      ErrorResponse refused = firstError(one);
      assertThat(refused.getErrorCode()).isEqualTo("RATE_LIMIT_EXCEEDED");
      assertThat(refused.getRequestMessageId()).startsWith("one-");
      assertThat(refused.getRetryAfterMs()).isPositive();
      assertThat(firstError(two).getRequestMessageId()).startsWith("two-");
    }
  }

  private static WebSocketMessage.Builder ping(String id) {
    return WebSocketMessage.newBuilder()
        .setMessageId(id)
        .setPing(Ping.newBuilder().setTimestamp(1));
  }

  private static ErrorResponse firstError(WorkClient client) {
    WebSocketMessage message = client.next();
    while (message.hasPong()) {
      message = client.next();
    }
    return message.getErrorResponse();
  }
}
