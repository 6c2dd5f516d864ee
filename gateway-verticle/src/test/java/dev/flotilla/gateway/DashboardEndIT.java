package dev.flotilla.gateway;

import static dev.flotilla.gateway.fixture.DashboardClient.message;
import static dev.flotilla.gateway.fixture.DashboardClient.naming;
import static dev.flotilla.gateway.fixture.DashboardClient.subscriptions;
import static dev.flotilla.gateway.fixture.Gateways.ACME;
import static org.assertj.core.api.Assertions.assertThat;

import dev.flotilla.gateway.fixture.DashboardClient;
import dev.flotilla.gateway.fixture.Gateways;
import dev.flotilla.gateway.fixture.PostgresProxy;
import dev.flotilla.gateway.fixture.RawSocket;
import dev.flotilla.gateway.fixture.SessionLines;
import dev.flotilla.testkit.TestStores;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/// How a dashboard's session ends, and what a small limit does.
class DashboardEndIT {
  private static final int LARGE = 60_000;

  @Test
  void anIdleDashboardIsToldAndClosedAndOneThatPingsIsNot() {
    try (Gateways gateways =
        Gateways.start(
            Map.of(
                "FLOTILLA_DIALECTS_DASHBOARD_IDLE_TIMEOUT", "4s",
                "FLOTILLA_GATEWAY_PING_INTERVAL", "200ms"))) {
      DashboardClient idle = DashboardClient.greeted(gateways, gateways.token(ACME));
      DashboardClient busy = DashboardClient.greeted(gateways, gateways.token(ACME));
      Awaitility.await()
          .pollInterval(Duration.ofMillis(100))
          .until(() -> busy.answers() && !idle.isOpen());
      JsonObject notice = idle.expect("disconnect_notice");
      assertThat(notice.getString("reason")).isEqualTo("idle");
      assertThat(notice.getInteger("code")).isEqualTo(4410);
      assertThat(notice.getBoolean("reconnect")).isTrue();
      assertThat(idle.closeCode()).isEqualTo(4410);
      assertThat(busy.isOpen()).isTrue();
    }
  }

  @Test
  void aNodeThatStopsSendsItsDashboardsAway() {
    try (Gateways gateways = Gateways.start()) {
      DashboardClient client = DashboardClient.greeted(gateways, gateways.token(ACME));
      Future<Void> stopped = gateways.vertx().undeploy(gateways.first().deployment());
      JsonObject notice = client.expect("disconnect_notice");
      assertThat(notice.getString("reason")).isEqualTo("restart");
      assertThat(notice.getInteger("code")).isEqualTo(1012);
      assertThat(notice.getLong("retry_after_ms")).isNotNegative();
      assertThat(client.closeCode()).isEqualTo(1012);
      stopped.await();
    }
  }

  @Test
  void aReaderThatIsTooSlowIsToldAndResumesWithoutALoss() {
    try (SessionLines log = new SessionLines();
        Gateways gateways = Gateways.start(Map.of("FLOTILLA_GATEWAY_MAX_QUEUED_BYTES", "200000"))) {
      DashboardClient slow = DashboardClient.greeted(gateways, gateways.token(ACME));
      slow.socket().pause();
      String epoch = "";
      Awaitility.await().until(() -> subscribed(gateways, "tasks") == 1);
      for (int i = 0; i < 240; i++) {
        epoch = gateways.recordLarge(ACME, 1, LARGE).epoch();
      }
      Awaitility.await().until(() -> disconnects(gateways, "queue") == 1);
      assertThat(
              log.await(line -> line.getOrDefault("message", "").startsWith("send failed (queue)")))
          .containsEntry("type", "task")
          .containsEntry("subscription", "tasks,task:large")
          .containsKey("correlation_id");
      slow.socket().resume();
      assertThat(slow.closeCode()).isEqualTo(4413);
      List<JsonObject> got = slow.drain();
      JsonObject notice = got.removeLast();
      assertThat(notice.getString("type")).isEqualTo("disconnect_notice");
      assertThat(notice.getString("reason")).isEqualTo("backpressure");
      assertThat(got).isNotEmpty();
      long last = got.getLast().getJsonObject("position").getLong("seq");
      DashboardClient back = DashboardClient.greeted(gateways, gateways.token(ACME));
      back.send(
          naming("subscribe").put("since", new JsonObject().put("epoch", epoch).put("seq", last)));
      back.expect("subscription_updated");
      for (long seq = last + 1; seq <= 240; seq++) {
        JsonObject update = back.expect("task_update");
        assertThat(update.getJsonObject("position").getLong("seq")).isEqualTo(seq);
      }
    }
  }

  @Test
  void aReaderThatTakesNothingIsClosedAfterFiveFailedSends() {
    try (SessionLines log = new SessionLines();
        Gateways gateways =
            Gateways.start(
                Map.of(
                    "FLOTILLA_GATEWAY_MAX_QUEUED_BYTES", "100000000",
                    "FLOTILLA_GATEWAY_MAX_QUEUED_FRAMES", "100000",
                    "FLOTILLA_GATEWAY_SEND_TIMEOUT", "100ms"));
        RawSocket deaf = new RawSocket(gateways.port())) {
      deaf.write(upgrade(gateways.token(ACME)));
      assertThat(deaf.readHead()).startsWith("HTTP/1.1 101");
      Awaitility.await().until(() -> subscribed(gateways, "tasks") == 1);
      for (int i = 0; i < 30; i++) {
        gateways.recordLarge(ACME, 10, LARGE);
      }
      Awaitility.await().until(() -> depth(gateways) > 0);
      Awaitility.await().until(() -> disconnects(gateways, "sends") == 1);
      assertThat(
              log.await(line -> line.getOrDefault("message", "").startsWith("send failed (sends)")))
          .containsEntry("tenant", "acme")
          .containsEntry("subscription", "agents,health,heartbeat,instances,presence,system,tasks");
      assertThat(
              gateways
                  .meters()
                  .get("messages.send.failures")
                  .tag("dialect", "dashboard")
                  .functionCounter()
                  .count())
          .isGreaterThanOrEqualTo(5);
    }
  }

  @Test
  void subscriptionsBeyondTheLimitAreRefusedOneByOne() {
    try (Gateways gateways =
        Gateways.start(Map.of("FLOTILLA_DIALECTS_DASHBOARD_MAX_SUBSCRIPTIONS", "3"))) {
      DashboardClient client = DashboardClient.open(gateways, gateways.token(ACME));
      assertThat(subscriptions(client.expect("connection_established"))).hasSize(3);
      client.expect("dashboard_initialized");
      JsonObject error = client.expectError("SUBSCRIPTION_LIMIT");
      assertThat(error.getString("message")).contains("at most 3");
      assertThat(subscriptions(error)).hasSize(1);
      client.send(naming("subscribe", "agents", "coordination", "tasks", "system", "alerts"));
      assertThat(subscriptions(client.expectError("SUBSCRIPTION_LIMIT"))).hasSize(2);
      assertThat(subscriptions(client.expect("subscription_updated"))).hasSize(3);
      client.send(naming("unsubscribe", "agents"));
      assertThat(subscriptions(client.expect("subscription_updated"))).hasSize(2);
      assertThat(client.subscribe("alerts")).hasSize(3).contains("alerts");
    }
  }

  @Test
  void aFloodIsServedInPartAndToldOnce() {
    try (Gateways gateways =
        Gateways.start(
            Map.of(
                "FLOTILLA_DIALECTS_DASHBOARD_CONNECTION_RATE", "1",
                "FLOTILLA_DIALECTS_DASHBOARD_NOTICE_INTERVAL", "10m"))) {
      DashboardClient client = DashboardClient.greeted(gateways, gateways.token(ACME));
      for (int i = 0; i < 100; i++) {
        client.send(message("ping"));
      }
      List<JsonObject> answers = new ArrayList<>();
      Awaitility.await()
          .until(
              () -> {
                answers.addAll(client.drain());
                long pongs =
                    answers.stream().filter(each -> each.getString("type").equals("pong")).count();
                return pongs + limited(gateways) >= 100 && pongs >= 40 && answers.size() > pongs;
              });
      assertThat(limited(gateways)).isPositive();
      List<JsonObject> errors =
          answers.stream().filter(each -> "error".equals(each.getString("type"))).toList();
      assertThat(errors).hasSize(1);
      assertThat(errors.getFirst().getString("code")).isEqualTo("RATE_LIMIT_EXCEEDED");
      assertThat(errors.getFirst().getLong("retry_after_ms")).isPositive();
      assertThat(client.isOpen()).isTrue();
    }
  }

  @Test
  void tooMuchThatIsNoJsonClosesTheSocket() {
    try (Gateways gateways =
        Gateways.start(Map.of("FLOTILLA_DIALECTS_DASHBOARD_MAX_MALFORMED", "3"))) {
      DashboardClient client = DashboardClient.greeted(gateways, gateways.token(ACME));
      for (int i = 0; i < 4; i++) {
        client.sendText("nonsense");
      }
      assertThat(client.closeCode()).isEqualTo(1008);
      DashboardClient other = DashboardClient.greeted(gateways, gateways.token(ACME));
      for (int i = 0; i < 10; i++) {
        other.send(message("dance"));
        other.expectError("UNKNOWN_TYPE");
      }
      assertThat(other.answers()).isTrue();
    }
  }

  @Test
  void whoComesWhileTheLogIsAwayIsSubscribedAllTheSame() {
    Vertx vertx = Vertx.vertx();
    PostgresProxy proxy = new PostgresProxy(vertx, TestStores.fresh().postgres().port());
    try (Gateways gateways =
        Gateways.start(
            Map.of(
                "FLOTILLA_GATEWAY_HEAD_INTERVAL",
                "100ms",
                "FLOTILLA_POSTGRES_PORT",
                Integer.toString(proxy.port())))) {
      proxy.cut();
      DashboardClient client = DashboardClient.open(gateways, gateways.token(ACME));
      JsonObject established = client.expect("connection_established");
      assertThat(subscriptions(established)).contains("tasks");
      assertThat(established.containsKey("position")).isFalse();
      client.expect("dashboard_initialized");
      client.send(naming("subscribe", "alerts"));
      assertThat(client.expectError("UNAVAILABLE").getBoolean("retryable")).isTrue();
      proxy.heal();
      Awaitility.await()
          .pollInterval(Duration.ofMillis(100))
          .until(
              () ->
                  client
                      .send(naming("subscribe", "alerts"))
                      .next()
                      .getString("type")
                      .equals("subscription_updated"));
      gateways.record(ACME, "t-1", 1);
      client.expect("task_update");
    } finally {
      vertx.close().await();
    }
  }

  private static byte[] upgrade(String token) {
    String head = new String(RawSocket.upgrade(DashboardClient.PATH), StandardCharsets.US_ASCII);
    return head.replaceFirst("\r\n", "\r\nAuthorization: Bearer " + token + "\r\n")
        .getBytes(StandardCharsets.US_ASCII);
  }

  private static double depth(Gateways gateways) {
    return gateways
        .meters()
        .get("connection.queue.depth.max")
        .tag("dialect", "dashboard")
        .gauge()
        .value();
  }

  private static double disconnects(Gateways gateways, String cause) {
    return gateways.meters().get("backpressure.disconnects").tag("cause", cause).counter().count();
  }

  private static double limited(Gateways gateways) {
    return gateways
        .meters()
        .get("messages.dropped.rate.limit")
        .tag("dialect", "dashboard")
        .functionCounter()
        .count();
  }

  private static double subscribed(Gateways gateways, String subscription) {
    return gateways
        .meters()
        .get("connections.by.subscription")
        .tags("dialect", "dashboard", "subscription", subscription)
        .gauge()
        .value();
  }
}
