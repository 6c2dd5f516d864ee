package dev.flotilla.gateway;

import static java.util.stream.LongStream.rangeClosed;
import static org.assertj.core.api.Assertions.assertThat;

import dev.flotilla.contract.Fact;
import dev.flotilla.contract.Topic;
import dev.flotilla.contract.TopicFamily;
import dev.flotilla.gateway.fixture.Client;
import dev.flotilla.gateway.fixture.Gateways;
import dev.flotilla.gateway.fixture.PostgresProxy;
import dev.flotilla.identity.Role;
import dev.flotilla.identity.TenantId;
import dev.flotilla.log.Event;
import dev.flotilla.log.EventBatch;
import dev.flotilla.testkit.TestStores;
import dev.flotilla.wire.RawJson;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EventsIT {
  private static final int MAX_MATCHES = 6;

  private final Gateways gateways =
      Gateways.start(
          Map.of(
              "FLOTILLA_GATEWAY_HEAD_INTERVAL", "100ms",
              "FLOTILLA_GATEWAY_RING_EVENTS", "10",
              "FLOTILLA_DIALECTS_CONTROL_MAX_SUBSCRIPTIONS", "3",
              "FLOTILLA_GATEWAY_MAX_PATTERN_MATCHES", Integer.toString(MAX_MATCHES),
              "FLOTILLA_GATEWAY_TICK_INTERVAL", "400ms"));

  @AfterAll
  void stop() {
    gateways.close();
  }

  /// Each test has its own log.
  private TenantId tenant() {
    return gateways.tenant();
  }

  @Test
  void anEventReachesTheSubscribersOfItsTopicsOnce() {
    TenantId tenant = tenant();
    Client all = gateways.connected(tenant);
    Client one = gateways.connected(tenant);
    Client other = gateways.connected(tenant);
    all.subscribe("tasks", "task:t-1");
    one.subscribe("task:t-1");
    other.subscribe("task:t-2", "instances");
    gateways.record(tenant, "t-1", 1);
    gateways.record(tenant, "t-2", 1);
    gateways.record(tenant, "t-1", 1);
    assertThat(all.seqs(3)).containsExactly(1L, 2L, 3L);
    assertThat(one.seqs(2)).containsExactly(1L, 3L);
    JsonObject event = other.await(frame -> frame.getLong("seq") != null);
    assertThat(event.getString("event")).isEqualTo("task");
    assertThat(event.getLong("seq")).isEqualTo(2);
    assertThat(event.getString("epoch")).isNotBlank();
    assertThat(event.getJsonArray("topics")).containsExactly("tasks", "task:t-2");
    assertThat(event.getString("actor")).isEqualTo("alice");
    assertThat(event.getLong("ts")).isPositive();
    assertThat(event.getJsonObject("payload").getString("taskId")).isEqualTo("t-2");
  }

  @Test
  void nothingComesAfterUnsubscribe() {
    TenantId tenant = tenant();
    Client client = gateways.connected(tenant);
    client.subscribe("tasks", "instances");
    JsonObject answer =
        client.call("unsubscribe", new JsonObject().put("topics", new JsonArray().add("tasks")));
    assertThat(answer.getJsonObject("payload").getJsonArray("topics")).containsExactly("instances");
    gateways.record(tenant, "t-1", 3);
    gateways.instanceChanged(tenant, "gw-1");
    assertThat(client.seqs(1)).containsExactly(4L);
  }

  @Test
  void aTopicThatIsNotOneIsRefusedAndNothingIsSubscribed() {
    Client client = gateways.connected(tenant());
    for (String topic : List.of("nonsense", "task:", "task:a b", "globex:tasks", "task:../x")) {
      JsonObject answer =
          client.call(
              "subscribe", new JsonObject().put("topics", new JsonArray().add("tasks").add(topic)));
      assertThat(answer.getJsonObject("error").getString("reason"))
          .isEqualTo("UNKNOWN_SUBSCRIPTION");
    }
    assertThat(client.subscribe("instances").getJsonArray("topics")).containsExactly("instances");
  }

  @Test
  void duplicatesAreOneAndTheLimitHolds() {
    Client client = gateways.connected(tenant());
    assertThat(client.subscribe("tasks", "tasks", "task:a").getJsonArray("topics"))
        .containsExactly("task:a", "tasks");
    JsonObject answer =
        client.call(
            "subscribe",
            new JsonObject().put("topics", new JsonArray().add("task:b").add("task:c")));
    assertThat(answer.getJsonObject("error").getString("reason")).isEqualTo("SUBSCRIPTION_LIMIT");
    client.subscribe("task:b", "tasks");
  }

  @Test
  void aPatternBringsEveryTopicThatBeginsSo() {
    TenantId tenant = tenant();
    Client client = gateways.connected(tenant);
    client.subscribe("instance:eu-*");
    gateways.instanceChanged(tenant, "us-1");
    gateways.instanceChanged(tenant, "eu-1");
    gateways.instanceChanged(tenant, "eu-2");
    assertThat(client.seqs(2)).containsExactly(2L, 3L);
  }

  @Test
  void whoHasATopicAndItsPatternGetsEachEventOnce() {
    TenantId tenant = tenant();
    Client client = gateways.connected(tenant);
    client.subscribe("instance:eu-1", "instance:*", "instances");
    gateways.instanceChanged(tenant, "eu-1");
    gateways.instanceChanged(tenant, "eu-2");
    assertThat(client.seqs(2)).containsExactly(1L, 2L);
  }

  @Test
  void aPatternThatMatchesTooManyTopicsIsUnsubscribedWithAnError() {
    TenantId tenant = tenant();
    Client client = gateways.connected(tenant);
    client.subscribe("instance:*");
    for (int i = 0; i < MAX_MATCHES + 1; i++) {
      gateways.instanceChanged(tenant, "i-" + i);
    }
    JsonObject error = client.await(frame -> "error".equals(frame.getString("type")));
    assertThat(error.getJsonObject("error").getString("reason")).isEqualTo("SUBSCRIPTION_LIMIT");
    JsonObject now =
        client.call("unsubscribe", new JsonObject().put("topics", new JsonArray().add("tasks")));
    assertThat(now.getJsonObject("payload").getJsonArray("topics")).isEmpty();
  }

  @Test
  void whatOneClientPublishesOnACustomTopicTheOthersOfItsTenantGet() {
    TenantId tenant = tenant();
    Client subscriber = gateways.connected(tenant);
    Client stranger = gateways.connected(tenant());
    subscriber.subscribe("custom:deploys");
    stranger.subscribe("custom:deploys", "tasks");
    JsonObject content = new JsonObject().put("service", "billing");
    JsonObject params = new JsonObject().put("topic", "custom:deploys").put("payload", content);
    assertThat(gateways.connected(tenant).call("publish", params).getBoolean("ok")).isTrue();
    JsonObject event = subscriber.await(frame -> "custom".equals(frame.getString("event")));
    assertThat(event.getJsonObject("payload").getJsonObject("content")).isEqualTo(content);
    assertThat(event.getString("actor")).isEqualTo("alice");
    assertThat(event.containsKey("seq")).isFalse();
    assertThat(stranger.call("ping", new JsonObject()).getBoolean("ok")).isTrue();
  }

  @Test
  void eventsThatAreToldTogetherAllComeInTheirOrder() {
    TenantId tenant = tenant();
    Client one = gateways.connected(tenant);
    one.subscribe("custom:a");
    // A second listener on another loop or the same: nobody's events are lost to a neighbour.
    Client two = gateways.connected(tenant);
    two.subscribe("custom:a", "custom:b");
    publish(tenant, "a1", "a2", "a3", "b1", "b2", "a4");
    assertThat(said(one, 4)).containsExactly("a1", "a2", "a3", "a4");
    assertThat(said(two, 6)).containsExactly("a1", "a2", "a3", "b1", "b2", "a4");
    // With a pattern on the loop, topics are matched one by one.
    Client pattern = gateways.connected(tenant);
    pattern.subscribe("custom:*");
    publish(tenant, "a5", "a6", "b3", "b4");
    assertThat(said(pattern, 4)).containsExactly("a5", "a6", "b3", "b4");
    assertThat(said(one, 2)).containsExactly("a5", "a6");
    assertThat(said(two, 4)).containsExactly("a5", "a6", "b3", "b4");
  }

  /// One batch: what is said on the topic that its first letter names.
  private void publish(TenantId tenant, String... contents) {
    List<Fact> facts =
        Stream.of(contents)
            .<Fact>map(
                content ->
                    new Fact.Custom(
                        new Topic("custom:" + content.charAt(0)),
                        new RawJson("[\"" + content + "\"]")))
            .toList();
    gateways.log().publishEphemeral(tenant, facts, null);
  }

  private static List<String> said(Client client, int events) {
    return Stream.generate(() -> client.awaitEvent("custom"))
        .limit(events)
        .map(event -> event.getJsonObject("payload").getJsonArray("content").getString(0))
        .toList();
  }

  @Test
  void onlyCustomTopicsArePublishedOnAndOnlyByThoseWhoMay() {
    TenantId tenant = tenant();
    JsonObject params = new JsonObject().put("topic", "alerts").put("payload", new JsonObject());
    assertThat(refusal(gateways.connected(tenant), params)).isEqualTo("INVALID_FIELD");
    Client viewer = gateways.open();
    viewer.connect(gateways.token(tenant, Role.VIEWER, Duration.ofHours(1)));
    assertThat(refusal(viewer, params.put("topic", "custom:x"))).isEqualTo("MISSING_SCOPE");
  }

  private static String refusal(Client client, JsonObject publish) {
    return client.call("publish", publish).getJsonObject("error").getString("reason");
  }

  @Test
  void aTopicNeedsItsScope() {
    TenantId tenant = tenant();
    Client client = gateways.open();
    JsonObject hello = client.connect(gateways.token(tenant, Role.VIEWER, Duration.ofHours(1)));
    assertThat(hello.getJsonArray("topics")).hasSize(TopicFamily.values().length);
    client.subscribe("tasks");
  }

  @Test
  void tenantsNeverSeeEachOther() {
    TenantId mine = tenant();
    TenantId theirs = tenant();
    Client acme = gateways.connected(mine);
    Client globex = gateways.connected(theirs);
    acme.subscribe("tasks", "task:shared-name");
    globex.subscribe("tasks", "task:shared-name");
    gateways.record(mine, "shared-name", 3);
    gateways.record(theirs, "shared-name", 2);
    gateways.ephemeral(mine, "shared-name", "of acme");
    gateways.ephemeral(theirs, "shared-name", "of globex");
    assertThat(acme.seqs(3)).containsExactly(1L, 2L, 3L);
    assertThat(globex.seqs(2)).containsExactly(1L, 2L);
    assertThat(text(acme.awaitEvent("task"))).isEqualTo("of acme");
    assertThat(text(globex.awaitEvent("task"))).isEqualTo("of globex");
    JsonObject epoch = acme.subscribe("tasks").getJsonObject("position");
    JsonObject foreign =
        globex.call(
            "resume", new JsonObject().put("epoch", epoch.getString("epoch")).put("seq", 0));
    assertThat(foreign.getBoolean("ok")).isTrue();
    assertThat(globex.awaitEvent("gap").getJsonObject("payload").getString("reason"))
        .isEqualTo("epoch_changed");
    gateways.record(theirs, "shared-name", 1);
    assertThat(globex.seqs(1)).containsExactly(3L);
  }

  @Test
  void ephemeralEventsCarryNoSeq() {
    TenantId tenant = tenant();
    Client client = gateways.connected(tenant);
    client.subscribe("task:t-1");
    gateways.ephemeral(tenant, "t-1", "hello");
    JsonObject event = client.awaitEvent("task");
    assertThat(text(event)).isEqualTo("hello");
    assertThat(event.containsKey("seq")).isFalse();
    assertThat(event.containsKey("epoch")).isFalse();
  }

  @Test
  void aLostBellIsMadeGoodByTheHeadCheck() {
    TenantId tenant = tenant();
    Client client = gateways.connected(tenant);
    client.subscribe("tasks");
    gateways.recordSilently(tenant, "t-1", 450);
    assertThat(client.seqs(450)).isEqualTo(rangeClosed(1, 450).boxed().toList());
  }

  @Test
  void aHoleIsFilledBeforeWhatFollowsIt() {
    TenantId tenant = tenant();
    Client client = gateways.connected(tenant);
    client.subscribe("tasks");
    gateways.record(tenant, "t-1", 1);
    gateways.recordSilently(tenant, "t-1", 2);
    gateways.record(tenant, "t-1", 1);
    assertThat(client.seqs(4)).containsExactly(1L, 2L, 3L, 4L);
  }

  @Test
  void repeatedAndReorderedBellsChangeNothing() {
    TenantId tenant = tenant();
    Client client = gateways.connected(tenant);
    client.subscribe("tasks");
    EventBatch first = gateways.recordSilently(tenant, "t-1", 2);
    EventBatch second = gateways.recordSilently(tenant, "t-1", 2);
    gateways.log().publish(second);
    gateways.log().publish(first);
    gateways.log().publish(second);
    gateways.record(tenant, "t-1", 1);
    assertThat(client.seqs(5)).containsExactly(1L, 2L, 3L, 4L, 5L);
  }

  @Test
  void resumeBringsWhatWasMissedFromTheRing() {
    TenantId tenant = tenant();
    Client keepsTheFeed = gateways.connected(tenant);
    keepsTheFeed.subscribe("tasks");
    gateways.record(tenant, "t-1", 8);
    keepsTheFeed.seqs(8);
    Client client = gateways.connected(tenant);
    resume(client, tenant, 3, "tasks");
    gateways.record(tenant, "t-1", 2);
    assertThat(client.seqs(7)).containsExactly(4L, 5L, 6L, 7L, 8L, 9L, 10L);
  }

  @Test
  void resumeBringsWhatWasMissedFromPostgres() {
    TenantId tenant = tenant();
    gateways.recordSilently(tenant, "t-1", 700);
    gateways.recordSilently(tenant, "t-2", 1);
    gateways.recordSilently(tenant, "t-1", 700);
    Client client = gateways.connected(tenant);
    JsonObject answer = resume(client, tenant, 5, "task:t-1");
    assertThat(answer.getJsonObject("position").getLong("seq")).isEqualTo(5);
    assertThat(answer.getJsonObject("head").getLong("seq")).isEqualTo(1401);
    assertThat(client.seqs(1395))
        .isEqualTo(rangeClosed(6, 1401).filter(seq -> seq != 701).boxed().toList());
  }

  @Test
  void missedEventsComeBeforeNewerOnesWhileEventsFlow() {
    TenantId tenant = tenant();
    gateways.recordSilently(tenant, "t-1", 900);
    Client client = gateways.connected(tenant);
    client.request(
        "subscribe",
        new JsonObject()
            .put("topics", new JsonArray().add("tasks"))
            .put("since", position(tenant, 0)),
        null);
    for (int i = 0; i < 100; i++) {
      gateways.record(tenant, "t-1", 1);
    }
    assertThat(client.seqs(1000)).isEqualTo(rangeClosed(1, 1000).boxed().toList());
  }

  @Test
  void resumeBeforeSubscribeSetsWhereTheStreamBegins() {
    TenantId tenant = tenant();
    gateways.recordSilently(tenant, "t-1", 5);
    Client client = gateways.connected(tenant);
    assertThat(client.call("resume", position(tenant, 2)).getBoolean("ok")).isTrue();
    client.subscribe("tasks");
    assertThat(client.seqs(3)).containsExactly(3L, 4L, 5L);
  }

  @Test
  void resumeOfALiveSessionStartsItsStreamAgain() {
    TenantId tenant = tenant();
    Client client = gateways.connected(tenant);
    client.subscribe("tasks");
    gateways.record(tenant, "t-1", 4);
    assertThat(client.seqs(4)).containsExactly(1L, 2L, 3L, 4L);
    client.call("resume", position(tenant, 2));
    gateways.record(tenant, "t-1", 1);
    assertThat(client.seqs(3)).containsExactly(3L, 4L, 5L);
  }

  @Test
  void whatRetentionHasRemovedIsAnExplicitGap() {
    TenantId tenant = tenant();
    gateways.recordSilently(tenant, "t-1", 20);
    gateways
        .stores()
        .postgres()
        .preparedQuery("delete from activity where tenant = $1 and seq <= 15")
        .execute(Tuple.of(tenant.value()))
        .await();
    Client client = gateways.connected(tenant);
    resume(client, tenant, 3, "tasks");
    JsonObject gap = client.awaitEvent("gap").getJsonObject("payload");
    assertThat(gap.getLong("from")).isEqualTo(4);
    assertThat(gap.getLong("to")).isEqualTo(15);
    assertThat(gap.getString("reason")).isEqualTo("retention");
    assertThat(gap.getJsonObject("position").getLong("seq")).isEqualTo(15);
    assertThat(client.seqs(5)).containsExactly(16L, 17L, 18L, 19L, 20L);
  }

  @Test
  void aPositionOfAnotherLogIsAnExplicitGap() {
    TenantId tenant = tenant();
    gateways.record(tenant, "t-1", 3);
    Client client = gateways.connected(tenant);
    JsonObject answer =
        client.call(
            "subscribe",
            new JsonObject()
                .put("topics", new JsonArray().add("tasks"))
                .put("since", new JsonObject().put("epoch", "other").put("seq", 1)));
    assertThat(answer.getBoolean("ok")).isTrue();
    JsonObject gap = client.awaitEvent("gap").getJsonObject("payload");
    assertThat(gap.getString("reason")).isEqualTo("epoch_changed");
    assertThat(gap.getJsonObject("position").getLong("seq")).isEqualTo(3);
    gateways.record(tenant, "t-1", 1);
    assertThat(client.seqs(1)).containsExactly(4L);
  }

  @Test
  void aPositionAfterTheHeadIsAnExplicitGap() {
    TenantId tenant = tenant();
    gateways.record(tenant, "t-1", 3);
    Client client = gateways.connected(tenant);
    resume(client, tenant, 50, "tasks");
    assertThat(client.awaitEvent("gap").getJsonObject("payload").getString("reason"))
        .isEqualTo("ahead_of_head");
    gateways.record(tenant, "t-1", 1);
    assertThat(client.seqs(1)).containsExactly(4L);
  }

  @Test
  void aClientThatIsAheadOfThisNodeGetsNothingTwice() {
    TenantId tenant = tenant();
    Client client = gateways.connected(tenant);
    gateways.recordSilently(tenant, "t-1", 6);
    // The client has had 4 of them from another node.
    resume(client, tenant, 4, "tasks");
    gateways.record(tenant, "t-1", 1);
    assertThat(client.seqs(3)).containsExactly(5L, 6L, 7L);
  }

  @Test
  void aLogThatWasResetIsAnExplicitGapForLiveSessions() {
    TenantId tenant = tenant();
    Client client = gateways.connected(tenant);
    client.subscribe("tasks");
    gateways.record(tenant, "t-1", 3);
    client.seqs(3);
    gateways
        .stores()
        .postgres()
        .preparedQuery("update tenant_log set epoch = 'second', seq = 0 where tenant = $1")
        .execute(Tuple.of(tenant.value()))
        .await();
    JsonObject gap = client.awaitEvent("gap").getJsonObject("payload");
    assertThat(gap.getString("reason")).isEqualTo("epoch_changed");
    assertThat(gap.getJsonObject("position").getString("epoch")).isEqualTo("second");
  }

  @Test
  void ticksSayHowFarTheSessionIs() {
    TenantId tenant = tenant();
    Client client = gateways.connected(tenant);
    client.subscribe("tasks");
    gateways.record(tenant, "t-1", 2);
    client.seqs(2);
    JsonObject tick = client.awaitEvent("tick");
    assertThat(tick.getJsonObject("payload").getJsonObject("position").getLong("seq")).isEqualTo(2);
  }

  @Test
  void aClientOfADeadNodeHasItsMissingEventsAfterItsNextConnection() {
    TenantId tenant = tenant();
    Client before = gateways.connected(tenant);
    before.subscribe("tasks");
    gateways.record(tenant, "t-1", 30);
    before.seqs(30);
    before.close();
    gateways.record(tenant, "t-1", 300);
    Gateways.Running other = gateways.another("node-2");
    Client after = gateways.connected(tenant, other.port());
    resume(after, tenant, 30, "tasks");
    assertThat(after.seqs(300)).isEqualTo(rangeClosed(31, 330).boxed().toList());
    gateways.stop(other);
  }

  @Test
  void aFeedEndsSomeTimeAfterItsLastSession() {
    TenantId tenant = tenant();
    Client client = gateways.connected(tenant);
    client.subscribe("tasks");
    double feeds = gateways.meters().get("flotilla.feeds").gauge().value();
    assertThat(feeds).isPositive();
    client.close();
    Awaitility.await()
        .untilAsserted(
            () ->
                assertThat(gateways.meters().get("flotilla.feeds").gauge().value())
                    .isLessThan(feeds));
  }

  @Test
  void socketsStayOpenWhilePostgresIsAwayAndNothingIsSkipped() {
    Vertx vertx = Vertx.vertx();
    PostgresProxy proxy = new PostgresProxy(vertx, TestStores.fresh().postgres().port());
    try (Gateways cut =
        Gateways.start(
            Map.of(
                "FLOTILLA_GATEWAY_HEAD_INTERVAL",
                "100ms",
                "FLOTILLA_POSTGRES_PORT",
                Integer.toString(proxy.port())))) {
      Client client = cut.connected(Gateways.ACME);
      client.subscribe("tasks");
      EventBatch lost = cut.recordSilently(Gateways.ACME, "t-1", 1);
      assertThat(client.seqs(1)).containsExactly(1L);
      proxy.cut();
      // A bell for an event whose predecessor was never heard: the log must be asked.
      EventBatch far = new EventBatch(Gateways.ACME, lost.epoch(), List.of(withSeq(lost, 3)));
      cut.log().publish(far);
      Client late = Client.open(cut.vertx(), cut.port());
      late.connect(cut.token(Gateways.GLOBEX));
      assertThat(
              late.call("subscribe", new JsonObject().put("topics", new JsonArray().add("tasks")))
                  .getJsonObject("error")
                  .getString("reason"))
          .isEqualTo("UNAVAILABLE");
      assertThat(client.isOpen()).isTrue();
      proxy.heal();
      // A connection that was refused may still be on its way back.
      Awaitility.await()
          .ignoreExceptions()
          .until(() -> cut.recordSilently(Gateways.ACME, "t-1", 3) != null);
      assertThat(client.seqs(3)).containsExactly(2L, 3L, 4L);
      Awaitility.await()
          .untilAsserted(
              () ->
                  assertThat(
                          late.call(
                                  "subscribe",
                                  new JsonObject().put("topics", new JsonArray().add("tasks")))
                              .getBoolean("ok"))
                      .isTrue());
    } finally {
      vertx.close().await();
    }
  }

  private static Event withSeq(EventBatch batch, long seq) {
    var event = batch.events().getFirst();
    return new Event(
        seq,
        event.kind(),
        event.topics(),
        event.at(),
        event.actor(),
        event.correlationId(),
        event.payload());
  }

  private JsonObject resume(Client client, TenantId tenant, long seq, String topic) {
    JsonObject answer =
        client.call(
            "subscribe",
            new JsonObject()
                .put("topics", new JsonArray().add(topic))
                .put("since", position(tenant, seq)));
    assertThat(answer.getBoolean("ok")).as(answer.encode()).isTrue();
    return answer.getJsonObject("payload");
  }

  private JsonObject position(TenantId tenant, long seq) {
    String epoch = gateways.log().head(tenant).await().epoch();
    return new JsonObject().put("epoch", epoch).put("seq", seq);
  }

  private static String text(JsonObject event) {
    return event.getJsonObject("payload").getString("text");
  }
}
