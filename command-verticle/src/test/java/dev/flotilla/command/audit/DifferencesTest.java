package dev.flotilla.command.audit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.flotilla.config.Secret;
import dev.flotilla.identity.TenantId;
import dev.flotilla.wire.Json;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DifferencesTest {
  private record Thing(
      TenantId tenant,
      String region,
      @Nullable String webhookSecret,
      Secret password,
      String prompt,
      List<String> labels,
      URI url,
      Map<String, String> more,
      int size) {}

  private static final Secret ONE = new Secret("one");

  @Test
  void whatIsTheSameIsNotTold() {
    assertThat(Differences.of(thing("eu", "s", ONE, "p", 1), thing("eu", "s", ONE, "p", 1)))
        .isNull();
  }

  @Test
  void settingsAreShownAndSecretsAreNot() {
    String told =
        String.valueOf(
            Differences.of(
                thing("eu", "hush-1", ONE, "say this", 1),
                thing("us", "hush-2", new Secret("two"), "say that", 2)));
    assertThat(told).doesNotContain("hush").doesNotContain("say").doesNotContain("two");
    JsonNode json =
        Json.read(told.substring(told.indexOf('{'), told.lastIndexOf('}') + 1), JsonNode.class);
    assertThat(json.path("region").toString()).isEqualTo("{\"before\":\"eu\",\"after\":\"us\"}");
    assertThat(json.path("size").toString()).isEqualTo("{\"before\":1,\"after\":2}");
    assertThat(json.path("webhookSecret").path("after").asText()).isEqualTo("***");
    assertThat(json.has("tenant")).isFalse();
    assertThat(json.has("labels")).isFalse();
  }

  private static Thing thing(
      String region, String secret, Secret password, String prompt, int size) {
    return new Thing(
        new TenantId("acme"),
        region,
        secret,
        password,
        prompt,
        List.of("a"),
        URI.create("ws://a"),
        Map.of(),
        size);
  }
}
