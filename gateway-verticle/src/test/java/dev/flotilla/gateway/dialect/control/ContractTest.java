package dev.flotilla.gateway.dialect.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flotilla.contract.EventKind;
import dev.flotilla.contract.Topic;
import dev.flotilla.contract.TopicFamily;
import dev.flotilla.fault.Fault;
import dev.flotilla.fault.Reason;
import dev.flotilla.gateway.feed.Gap;
import dev.flotilla.gateway.feed.Position;
import dev.flotilla.gateway.session.CloseReason;
import dev.flotilla.gateway.session.Notice;
import dev.flotilla.gateway.session.Refreshed;
import dev.flotilla.identity.NodeId;
import dev.flotilla.identity.TenantId;
import dev.flotilla.identity.UserId;
import dev.flotilla.log.Event;
import dev.flotilla.wire.Json;
import dev.flotilla.wire.RawJson;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Holds schemas, examples, records and the written spec of the control dialect together.
class ContractTest {
  private static final Instant NOW = Instant.ofEpochMilli(1763631000000L);
  private static final Position HERE = new Position("epoch-1", 57);
  private static final Notice.Drain DRAIN =
      new Notice.Drain("restart", 1, URI.create("http://10.0.0.2:8080"));
  private static final Path ROOT = root();
  private static final Path DOCUMENT = ROOT.resolve("docs/protocol/ws-v1.md");

  /// The project's directory, from wherever the tests run.
  private static Path root() {
    Path directory = Path.of("").toAbsolutePath();
    while (!Files.exists(directory.resolve("docs/protocol"))) {
      directory = Objects.requireNonNull(directory.getParent(), "no docs/protocol above");
    }
    return directory;
  }

  static List<String> examples() throws IOException {
    Path directory = ROOT.resolve("shared/src/main/resources/contract/example/control");
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .map(file -> file.getFileName().toString().replaceAll("\\.json$", ""))
          .sorted()
          .toList();
    }
  }

  @ParameterizedTest
  @MethodSource("examples")
  void everyExampleIsValid(String name) {
    String kind = name.split("\\.", 2)[0];
    JsonObject example = Schemas.example(name);
    assertThat(Schemas.check(kind, example).getErrors()).isNullOrEmpty();
    assertThat(example.getString("type")).isEqualTo(kind);
    if (kind.equals("connect") || kind.equals("req")) {
      assertThat(FrameDecoder.decode(example.encode()))
          .isNotInstanceOf(ClientFrame.Malformed.class);
    }
    JsonObject payload = example.getJsonObject("payload");
    if (List.of("tick", "gap", "drain", "auth.expiring", "connect.challenge")
        .contains(String.valueOf(example.getString("event")))) {
      assertThat(Schemas.accepts("event/" + example.getString("event"), payload)).isTrue();
    }
    for (SessionMethod method : SessionMethod.values()) {
      if (method.wireName().equals(example.getString("method"))) {
        JsonObject params = example.getJsonObject("params", new JsonObject());
        assertThat(Schemas.accepts("method/" + method.wireName() + ".params", params)).isTrue();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("examples")
  void everyExampleIsInTheSpecAsItIs(String name) throws IOException {
    assertThat(documented(name)).as("example %s in %s", name, DOCUMENT).isNotNull();
    assertThat(new JsonObject(String.valueOf(documented(name)))).isEqualTo(Schemas.example(name));
  }

  @Test
  void theSpecNamesEveryReasonCloseCodeMethodAndTopic() throws IOException {
    String text = Files.readString(DOCUMENT);
    for (Reason reason : Reason.values()) {
      assertThat(text).containsPattern("\\| `" + reason + "` +\\| `" + reason.code() + "` +\\|");
    }
    for (CloseReason reason : CloseReason.values()) {
      assertThat(text)
          .containsPattern(
              "\\| " + reason.code() + " \\|.*\\| " + (reason.comeBack() ? "yes" : "no") + " \\|");
    }
    for (SessionMethod method : SessionMethod.values()) {
      assertThat(text).contains("| `" + method.wireName() + "` |");
    }
    for (TopicFamily family : TopicFamily.values()) {
      assertThat(text).contains("`" + family.shape() + "`");
    }
  }

  @Test
  void whatTheServerSendsIsValid() {
    Fault fault = new Fault(Reason.UNAVAILABLE, "Away.", "field", 500L);
    assertValid("hello", hello());
    assertValid("res", ServerFrame.ok("1", new RawJson("{}")));
    assertValid("res", ServerFrame.refused("1", fault, "c", NOW));
    assertValid("error", ServerFrame.error(fault, "c", NOW));
    assertOwnEvent("connect.challenge", ServerFrame.challenge("n", NOW));
    assertOwnEvent("tick", ServerFrame.tick(HERE, NOW));
    assertOwnEvent("tick", ServerFrame.tick(null, NOW));
    assertOwnEvent("drain", ServerFrame.drain(new Notice.Drain("restart", 3, null), NOW));
    assertOwnEvent("gap", ServerFrame.gap(Gap.removed(1, 5, "e"), NOW));
    for (Gap.Cause cause : Gap.Cause.values()) {
      assertOwnEvent("gap", ServerFrame.gap(Gap.unknown(cause, HERE), NOW));
    }
    assertValid("event", ServerFrame.event(event(7L), "e"));
    assertValid("event", ServerFrame.event(event(null), "e"));
    JsonObject placed = json(new ServerFrame.Placed(List.of("tasks"), HERE, HERE));
    for (String method : List.of("subscribe", "unsubscribe", "resume")) {
      assertThat(Schemas.accepts("method/" + method + ".result", placed)).isTrue();
    }
    assertThat(Schemas.accepts("method/ping.result", json(new ServerFrame.Pong(NOW)))).isTrue();
    assertThat(
            Schemas.accepts(
                "method/auth.refresh.result", json(new Refreshed(NOW, List.of("tasks")))))
        .isTrue();
    assertThat(
            Schemas.accepts("method/publish.result", json(new ServerFrame.Published(Topic.TASKS))))
        .isTrue();
    assertOwnEvent("auth.expiring", ServerFrame.tokenEnds(NOW, NOW));
  }

  @Test
  void theServersFramesLookLikeTheExamples() {
    assertThat(fields(json(hello()))).containsAll(fields(Schemas.example("hello")));
    assertThat(fields(json(ServerFrame.event(event(7L), "e"))))
        .containsExactlyInAnyOrderElementsOf(
            fields(Schemas.example("event.task")).stream()
                .filter(field -> !field.startsWith("payload."))
                .toList());
    assertThat(fields(json(ServerFrame.gap(Gap.removed(1, 5, "e"), NOW))))
        .isEqualTo(fields(Schemas.example("event.gap")));
    assertThat(fields(json(ServerFrame.drain(DRAIN, NOW))))
        .isEqualTo(fields(Schemas.example("event.drain")));
    assertThat(fields(json(ServerFrame.challenge("n", NOW))))
        .isEqualTo(fields(Schemas.example("event.connect.challenge")));
  }

  private static List<String> fields(JsonObject object) {
    List<String> names = new ArrayList<>();
    object.forEach(
        entry -> {
          names.add(entry.getKey());
          if (entry.getValue() instanceof JsonObject inner) {
            inner.fieldNames().forEach(name -> names.add(entry.getKey() + "." + name));
          }
        });
    return names;
  }

  private static ServerFrame hello() {
    return new ServerFrame.Hello(
        "hello",
        "1",
        1,
        "0.1.0",
        new NodeId("n"),
        "s",
        new ServerFrame.Identity(
            new TenantId("acme"), new UserId("a"), List.of("viewer"), List.of(), NOW),
        HERE,
        new ServerFrame.Policy(1, 2, 3, 4, 5, 6, 7),
        List.of("ping"),
        List.of("tasks"));
  }

  private static Event event(@Nullable Long seq) {
    return new Event(
        seq, EventKind.TASK, List.of(new Topic("tasks")), NOW, "alice", "c-1", new RawJson("{}"));
  }

  private static void assertOwnEvent(String name, ServerFrame frame) {
    assertValid("event", frame);
    assertThat(json(frame).getString("event")).isEqualTo(name);
    assertThat(Schemas.check("event/" + name, json(frame).getJsonObject("payload")).getErrors())
        .isNullOrEmpty();
  }

  private static void assertValid(String schema, ServerFrame frame) {
    assertThat(Schemas.check(schema, json(frame)).getErrors()).isNullOrEmpty();
  }

  private static JsonObject json(Object value) {
    return new JsonObject(Json.text(value));
  }

  /// The JSON block that follows the example's name in the spec.
  private static @Nullable String documented(String name) throws IOException {
    Matcher block =
        Pattern.compile(
                "<!-- example: " + Pattern.quote(name) + " -->\\s*```json\\n(.*?)```",
                Pattern.DOTALL)
            .matcher(Files.readString(DOCUMENT));
    return block.find() ? block.group(1) : null;
  }
}
