package dev.flotilla.gateway;

import static dev.flotilla.gateway.fixture.Gateways.ACME;
import static dev.flotilla.gateway.fixture.Gateways.GLOBEX;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.flotilla.gateway.fixture.Client;
import dev.flotilla.gateway.fixture.Gateways;
import io.vertx.core.json.JsonObject;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.util.Map;
import org.junit.jupiter.api.Test;

class IngestSocketIT {
  @Test
  void whatAnOutsideSystemSaysReachesTheSocketsOfItsTenant() {
    try (Gateways gateways =
        Gateways.start(Map.of("FLOTILLA_INGEST_RULES", "socket.* -> acme/custom:deploys"))) {
      Client mine = gateways.connected(ACME);
      Client other = gateways.connected(GLOBEX);
      mine.subscribe("custom:deploys");
      other.subscribe("custom:deploys");
      await().until(() -> publish(gateways, "socket.eu", "{\"version\":7}") == 1);
      JsonObject event = mine.awaitEvent("custom");
      assertThat(event.getJsonObject("payload"))
          .isEqualTo(new JsonObject("{\"topic\":\"custom:deploys\",\"content\":{\"version\":7}}"));
      assertThat(event.containsKey("seq")).isFalse();
      String ping = other.request("ping", new JsonObject(), null);
      for (JsonObject next = other.next();
          !ping.equals(next.getString("id"));
          next = other.next()) {
        assertThat(next.getString("event")).isNotEqualTo("custom");
      }
    }
  }

  /// How many subscribers heard it.
  private static int publish(Gateways gateways, String channel, String message) {
    return gateways
        .stores()
        .redis()
        .send(Request.cmd(Command.PUBLISH).arg(channel).arg(message))
        .await()
        .toInteger();
  }
}
