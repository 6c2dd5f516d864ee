package dev.flotilla.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.flotilla.contract.CommandKind;
import dev.flotilla.wire.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class OpenApiTest {
  private static final JsonNode DOCUMENT = Json.read(OpenApi.bytes(), JsonNode.class);

  @ParameterizedTest
  @EnumSource
  void everyCommandIsAnOperation(CommandKind kind) {
    String path = kind.rest().path().replaceAll(":(\\w+)", "{$1}");
    JsonNode operation =
        DOCUMENT.path("paths").path(path).path(kind.rest().verb().name().toLowerCase(Locale.ROOT));
    assertThat(operation.path("operationId").asText()).isEqualTo(kind.method());
    assertThat(operation.path("responses").has(Integer.toString(kind.rest().status()))).isTrue();
    List<String> inPath = new ArrayList<>();
    operation
        .path("parameters")
        .forEach(
            parameter -> {
              if (parameter.path("in").asText().equals("path")) {
                inPath.add("{" + parameter.path("name").asText() + "}");
                assertThat(parameter.path("schema").has("type")).isTrue();
              }
            });
    assertThat(inPath).allMatch(path::contains);
    assertThat(path.chars().filter(c -> c == '{').count()).isEqualTo(inPath.size());
  }

  @Test
  void theWaysInAndOutAreInIt() {
    List<String> paths = new ArrayList<>();
    DOCUMENT.path("paths").fieldNames().forEachRemaining(paths::add);
    for (String way : List.of("login", "refresh", "logout", "me", "ticket")) {
      assertThat(paths).contains("/auth/" + way);
    }
    for (String way : List.of("login", "callback", "backchannel-logout")) {
      assertThat(paths).contains("/auth/oidc/" + way);
    }
  }

  @Test
  void everyReferenceLeadsSomewhere() {
    List<String> refs = new ArrayList<>();
    DOCUMENT.findValues("$ref").forEach(ref -> refs.add(ref.asText()));
    assertThat(refs).isNotEmpty();
    for (String ref : refs) {
      assertThat(ref).startsWith("#/");
      assertThat(DOCUMENT.at(ref.substring(1)).isMissingNode()).as(ref).isFalse();
    }
  }
}
