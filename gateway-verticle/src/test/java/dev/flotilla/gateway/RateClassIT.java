package dev.flotilla.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.flotilla.gateway.fixture.Client;
import dev.flotilla.gateway.fixture.Gateways;
import dev.flotilla.identity.TenantId;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Some tenants may say less than others.
class RateClassIT {
  private static final int TRIES = 400;

  private final Gateways gateways =
      Gateways.start(Map.of("FLOTILLA_DIALECTS_CONTROL_TENANT_RATE", "40"));

  @AfterEach
  void close() {
    gateways.close();
  }

  @Test
  void aTenantOfALowClassMaySayAQuarterOfWhatOthersMay() {
    gateways
        .stores()
        .postgres()
        .query(
            "insert into tenants (id, created_by, created_at, rate_class)"
                + " values ('quiet', 'test', now(), 'low')")
        .execute()
        .await();
    await().untilAsserted(() -> assertThat(refusal("quiet")).startsWith("At most 10 "));
    assertThat(refusal("usual")).startsWith("At most 40 ");
  }

  /// What a session is told that says too much.
  private String refusal(String tenant) {
    Client client = gateways.connected(new TenantId(tenant));
    try {
      for (int i = 0; i < TRIES; i++) {
        JsonObject answer = client.call("ping", new JsonObject());
        if (!answer.getBoolean("ok")) {
          return answer.getJsonObject("error").getString("message");
        }
      }
      return "";
    } finally {
      client.close();
    }
  }
}
