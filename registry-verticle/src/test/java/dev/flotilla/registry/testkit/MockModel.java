package dev.flotilla.registry.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flotilla.wire.Json;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// A model behind real OpenClaw gateways: an OpenAI-compatible server whose answer is scripted by
/// the newest directive in what users said: `[[slow:N:MS]]` says N words, MS apart;
/// `[[tool:NAME:MS]]` says three words, asks for a tool and, once it was used, says ten more;
/// `[[fail:STATUS]]` is an HTTP error (400 fails at once, 500 is retried for minutes); `[[hang]]`
/// never answers; without one it echoes.
public final class MockModel implements AutoCloseable {
  private static final Pattern DIRECTIVE =
      Pattern.compile("\\[\\[(slow|fail|hang|tool)(?::([a-z0-9_]+))?(?::([0-9]+))?]]");
  private static final String RESUMED = "interrupted by a gateway restart";
  private static final String INTERNAL = "OPENCLAW_INTERNAL_CONTEXT";

  private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final HttpServer server;

  private MockModel() {
    server = vertx.createHttpServer().requestHandler(this::handle);
  }

  public static MockModel start() {
    MockModel model = new MockModel();
    model.server.listen(0, "127.0.0.1").await();
    return model;
  }

  public int port() {
    return server.actualPort();
  }

  /// How often a run with this text in a prompt was put to the model, not counting runs that a
  /// gateway went on with by itself after a restart.
  public int executions(String text) {
    return (int) requests.stream().filter(said -> said.contains(text) && !resumed(said)).count();
  }

  /// How often a gateway went on with such a run by itself.
  public int resumptions(String text) {
    return (int) requests.stream().filter(said -> said.contains(text) && resumed(said)).count();
  }

  private static boolean resumed(String said) {
    return said.contains(RESUMED);
  }

  private void handle(HttpServerRequest request) {
    if (!request.path().equals("/v1/chat/completions")) {
      request.response().end("{\"object\":\"list\",\"data\":[{\"id\":\"mock-1\"}]}");
      return;
    }
    request
        .body()
        .onSuccess(
            body -> complete(Json.read(body.getBytes(), JsonNode.class), request.response()));
  }

  private void complete(JsonNode asked, HttpServerResponse response) {
    String said = said(asked.path("messages"));
    requests.add(said);
    Matcher directive = DIRECTIVE.matcher(said);
    String kind = "echo";
    String tool = "";
    int first = 0;
    int second = 5;
    while (directive.find()) {
      kind = directive.group(1);
      tool = String.valueOf(directive.group(2));
      first =
          directive.group(2) == null || kind.equals("tool")
              ? 0
              : Integer.parseInt(directive.group(2));
      second = directive.group(3) == null ? 5 : Integer.parseInt(directive.group(3));
    }
    switch (kind) {
      case "hang" -> {}
      case "fail" ->
          response
              .setStatusCode(first == 0 ? 400 : first)
              .putHeader("content-type", "application/json")
              .end("{\"error\":{\"message\":\"mock failure\",\"type\":\"mock_error\"}}");
      case "slow" -> stream(response, words(first), null, second);
      case "tool" -> {
        boolean used = usedTool(asked.path("messages"));
        List<String> answer = used ? words(10) : List.of("looking", "it", "up");
        stream(response, answer, used ? null : tool, used ? second : 5);
      }
      default -> stream(response, List.of("echo"), null, second);
    }
  }

  private static List<String> words(int count) {
    return IntStream.range(0, count).mapToObj(i -> "w" + i).toList();
  }

  /// True where the newest message, but for what OpenClaw adds for itself, is a tool's.
  private static boolean usedTool(JsonNode messages) {
    String role = "";
    for (JsonNode message : messages) {
      if (!text(message.path("content")).contains(INTERNAL)) {
        role = message.path("role").asText();
      }
    }
    return role.equals("tool");
  }

  /// Everything that users said, oldest first, without what OpenClaw adds for itself.
  private static String said(JsonNode messages) {
    List<String> texts = new ArrayList<>();
    for (JsonNode message : messages) {
      String text = text(message.path("content"));
      if (message.path("role").asText().equals("user") && !text.contains(INTERNAL)) {
        texts.add(text);
      }
    }
    return String.join("\n", texts);
  }

  private static String text(JsonNode content) {
    if (content.isTextual()) {
      return content.asText();
    }
    StringBuilder text = new StringBuilder();
    content.forEach(part -> text.append(part.path("text").asText("")));
    return text.toString();
  }

  private void stream(
      HttpServerResponse response, List<String> words, @Nullable String tool, int gapMs) {
    response.putHeader("content-type", "text/event-stream").setChunked(true);
    send(response, delta("", null));
    next(response, words, tool, 0, Math.max(1, gapMs));
  }

  private void next(
      HttpServerResponse response, List<String> words, @Nullable String tool, int at, int gapMs) {
    if (response.closed()) {
      return;
    }
    if (at < words.size()) {
      send(response, delta((at == 0 ? "" : " ") + words.get(at), null));
      vertx.setTimer(gapMs, _ -> next(response, words, tool, at + 1, gapMs));
      return;
    }
    if (tool == null) {
      send(response, delta("", "stop"));
    } else {
      send(response, call(tool));
      send(response, delta("", "tool_calls"));
    }
    ObjectNode usage = Json.MAPPER.createObjectNode();
    usage.putArray("choices");
    usage
        .putObject("usage")
        .put("prompt_tokens", 100)
        .put("completion_tokens", words.size())
        .put("total_tokens", 100 + words.size());
    send(response, usage);
    response.end("data: [DONE]\n\n");
  }

  private static ObjectNode delta(String text, @Nullable String finish) {
    ObjectNode chunk = Json.MAPPER.createObjectNode();
    ObjectNode choice = chunk.putArray("choices").addObject().put("index", 0);
    choice.putObject("delta").put("role", "assistant").put("content", text);
    choice.put("finish_reason", finish);
    return chunk;
  }

  private static ObjectNode call(String tool) {
    ObjectNode chunk = delta("", null);
    ObjectNode delta = (ObjectNode) chunk.path("choices").path(0).path("delta");
    delta
        .putArray("tool_calls")
        .addObject()
        .put("index", 0)
        .put("id", "call-1")
        .put("type", "function")
        .putObject("function")
        .put("name", tool)
        .put("arguments", "{}");
    return chunk;
  }

  private static void send(HttpServerResponse response, ObjectNode chunk) {
    chunk.put("id", "mock").put("object", "chat.completion.chunk").put("model", "mock-1");
    response.write("data: " + chunk + "\n\n");
  }

  @Override
  public void close() {
    vertx.close().await();
  }
}
