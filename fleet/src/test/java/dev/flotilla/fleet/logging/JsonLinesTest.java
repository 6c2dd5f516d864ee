package dev.flotilla.fleet.logging;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import com.fasterxml.jackson.databind.JsonNode;
import dev.flotilla.telemetry.LogKeys;
import dev.flotilla.wire.Json;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.slf4j.event.KeyValuePair;

class JsonLinesTest {
  private final LoggerContext context = new LoggerContext();
  private final JsonLines lines = new JsonLines("n1");

  private LoggingEvent event(String message, @Nullable Throwable failure) {
    LoggingEvent event =
        new LoggingEvent(
            "here", context.getLogger("dev.flotilla.X"), Level.WARN, message, failure, null);
    event.setMDCPropertyMap(Map.of(LogKeys.TENANT, "acme", "level", "forged"));
    return event;
  }

  private JsonNode encoded(LoggingEvent event) {
    String line = new String(lines.encode(event), UTF_8);
    assertThat(line).endsWith("\n").hasLineCount(1);
    return Json.read(line, JsonNode.class);
  }

  @Test
  void keysOfContextAndEventAreFieldsOfTheLine() {
    LoggingEvent event = event("slow", null);
    event.addKeyValuePair(new KeyValuePair(LogKeys.CORRELATION_ID, "c-1"));
    event.addKeyValuePair(new KeyValuePair("ms", 12));
    JsonNode line = encoded(event);
    assertThat(line.path("message").asText()).isEqualTo("slow");
    assertThat(line.path("logger").asText()).isEqualTo("dev.flotilla.X");
    assertThat(line.path("node").asText()).isEqualTo("n1");
    assertThat(line.path("tenant").asText()).isEqualTo("acme");
    assertThat(line.path("correlation_id").asText()).isEqualTo("c-1");
    assertThat(line.path("ms").asInt()).isEqualTo(12);
    assertThat(line.path("timestamp").asText()).endsWith("Z");
  }

  @Test
  void aKeyCannotForgeAFixedField() {
    assertThat(encoded(event("x", null)).path("level").asText()).isEqualTo("WARN");
  }

  @Test
  void aMessageOfSeveralLinesStaysOneLine() {
    assertThat(encoded(event("a\nb\"c", null)).path("message").asText()).isEqualTo("a\nb\"c");
  }

  @Test
  void anExceptionIsInTheLine() {
    assertThat(encoded(event("x", new IllegalStateException("bug"))).path("exception").asText())
        .contains("IllegalStateException", "bug", "JsonLinesTest");
  }
}
