package dev.flotilla.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flotilla.gateway.fixture.Client;
import dev.flotilla.gateway.fixture.Gateways;
import dev.flotilla.identity.TenantId;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Map;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// Rates and presence, as sockets see them.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LimitsIT {
  private static final int BURST = 10;
  private final Gateways gateways =
      Gateways.start(
          Map.of(
              "FLOTILLA_DIALECTS_CONTROL_CONNECTION_RATE", "1",
              "FLOTILLA_DIALECTS_CONTROL_CONNECTION_BURST", Integer.toString(BURST),
              "FLOTILLA_DIALECTS_CONTROL_MAX_DROPPED", "40",
              "FLOTILLA_PRESENCE_LINGER", "200ms"));

  /// Each test has its own.
  private TenantId acme;

  private TenantId globex;

  @BeforeEach
  void begin() {
    acme = gateways.tenant("acme");
    globex = gateways.tenant("globex");
  }

  @AfterAll
  void stop() {
    gateways.close();
  }

  @Test
  void everyRequestOfABurstIsAnsweredButOnlySoManyAreServed() {
    long start = System.nanoTime();
    Client client = gateways.connected(acme);
    int served = 0;
    for (int i = 0; i < BURST * 2; i++) {
      client.sendText("{\"type\":\"req\",\"id\":\"" + i + "\",\"method\":\"ping\"}");
    }
    for (int i = 0; i < BURST * 2; i++) {
      JsonObject answer = client.await(frame -> "res".equals(frame.getString("type")));
      if (answer.getBoolean("ok")) {
        served++;
      } else {
        JsonObject error = answer.getJsonObject("error");
        assertThat(error.getString("code")).isEqualTo("RATE_LIMIT_EXCEEDED");
        assertThat(error.getLong("retryAfterMs")).isPositive();
      }
    }
    // One more is allowed with every second that it takes.
    int later = (int) Duration.ofNanos(System.nanoTime() - start).toSeconds() + 1;
    assertThat(served).isBetween(BURST - 1, BURST + later).isLessThan(BURST * 2);
    assertThat(client.isOpen()).isTrue();
    Awaitility.await()
        .untilAsserted(
            () ->
                assertThat(gateways.meters().scrape())
                    .containsPattern("messages_dropped_rate_limit_total[^ ]* [1-9]"));
  }

  @Test
  void whoGoesOnRegardlessIsClosed() {
    Client client = gateways.connected(acme);
    IntStream.range(0, 200)
        .forEach(i -> client.sendText("{\"type\":\"req\",\"id\":\"1\",\"method\":\"ping\"}"));
    assertThat(client.closeCode()).isEqualTo(4429);
  }

  @Test
  void aUserWhoComesAndGoesIsSeenByThoseOfTheTenantOnly() {
    Client watcher = gateways.open();
    watcher.connect(gateways.token(acme, "watcher"));
    watcher.subscribe("presence");
    Client stranger = gateways.open();
    stranger.connect(gateways.token(globex, "stranger"));
    stranger.subscribe("presence");
    Client client = gateways.open();
    client.connect(gateways.token(acme, "bob"));
    assertThat(status(watcher, "bob")).isEqualTo("online");
    client.close();
    assertThat(status(watcher, "bob")).isEqualTo("offline");
    Client late = gateways.open();
    late.connect(gateways.token(globex, "carol"));
    stranger.await(
        frame -> {
          assertThat(frame.encode()).doesNotContain("bob");
          return frame.encode().contains("carol");
        });
  }

  private static String status(Client watcher, String user) {
    return watcher
        .await(
            frame ->
                "presence".equals(frame.getString("event"))
                    && user.equals(frame.getJsonObject("payload").getString("user")))
        .getJsonObject("payload")
        .getString("status");
  }
}
