package dev.flotilla.gateway.dialect.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flotilla.config.ConfigLoader;
import dev.flotilla.config.FleetConfig;
import dev.flotilla.contract.Contract;
import dev.flotilla.contract.EventKind;
import dev.flotilla.contract.Topic;
import dev.flotilla.contract.TopicFamily;
import dev.flotilla.fault.Fault;
import dev.flotilla.fault.Reason;
import dev.flotilla.gateway.dialect.dashboard.ClientMessage.Envelope;
import dev.flotilla.gateway.feed.Gap;
import dev.flotilla.gateway.feed.Position;
import dev.flotilla.gateway.fixture.DashboardSchema;
import dev.flotilla.gateway.session.EffectiveLimits;
import dev.flotilla.gateway.session.Notice;
import dev.flotilla.identity.NodeId;
import dev.flotilla.identity.TenantId;
import dev.flotilla.identity.UserId;
import dev.flotilla.log.Event;
import dev.flotilla.wire.Json;
import dev.flotilla.wire.RawJson;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Holds schema, examples, records and the written spec of the dashboard dialect together.
class ContractTest {
  private static final Instant NOW = Instant.ofEpochMilli(1763631000000L);
  private static final Position HERE = new Position("epoch-1", 57);
  private static final FleetConfig CONFIG = config();
  private static final Path ROOT = root();
  private static final Path DOCUMENT = ROOT.resolve("docs/protocol/dashboard-v1.md");

  private static FleetConfig config() {
    try {
      return ConfigLoader.load(
          null, Map.of("FLOTILLA_IDENTITY_SECRET", "a secret that only tests use, 32 long"));
    } catch (dev.flotilla.config.ConfigException bug) {
      throw new IllegalStateException(bug);
    }
  }

  private static Path root() {
    Path directory = Path.of("").toAbsolutePath();
    while (!Files.exists(directory.resolve("docs/protocol"))) {
      directory = Objects.requireNonNull(directory.getParent(), "no docs/protocol above");
    }
    return directory;
  }

  static List<String> examples() throws IOException {
    Path directory = ROOT.resolve("shared/src/main/resources/contract/example/dashboard");
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .map(file -> file.getFileName().toString().replaceAll("\\.json$", ""))
          .sorted()
          .toList();
    }
  }

  private static JsonObject example(String name) {
    return new JsonObject(
        new String(
            Contract.bytes("example/dashboard/" + name + ".json"),
            java.nio.charset.StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @MethodSource("examples")
  void everyExampleIsAMessageOfTheContract(String name) {
    JsonObject example = example(name);
    assertThat(example.getString("type")).isEqualTo(name.split("\\.", 2)[0]);
    boolean fromClient = names("client_message").contains(example.getString("type"));
    DashboardSchema.requireValid(fromClient ? "client_message" : "server_message", example);
    if (fromClient) {
      assertThat(ClientMessage.of(Envelope.of(example.encode()))).isNotNull();
    }
  }

  @ParameterizedTest
  @MethodSource("examples")
  void moreFieldsAreAllowedAndFewerAreNot(String name) {
    JsonObject example = example(name);
    boolean fromClient = names("client_message").contains(example.getString("type"));
    String side = fromClient ? "client_message" : "server_message";
    DashboardSchema.requireValid(side, example.copy().put("new_in_2", new JsonArray()));
    if (!fromClient) {
      for (String field : List.of("type", "timestamp", "correlation_id")) {
        JsonObject less = example.copy();
        less.remove(field);
        assertThat(DashboardSchema.check(side, less).getValid()).as(field).isFalse();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("examples")
  void everyExampleIsInTheSpecAsItIs(String name) throws IOException {
    assertThat(documented(name)).as("example %s in %s", name, DOCUMENT).isNotNull();
    assertThat(new JsonObject(String.valueOf(documented(name)))).isEqualTo(example(name));
  }

  @Test
  void everyMessageOfTheSchemaHasAnExample() throws IOException {
    Set<String> shown = new TreeSet<>();
    for (String name : examples()) {
      shown.add(example(name).getString("type"));
    }
    Set<String> all = new TreeSet<>(names("server_message"));
    all.addAll(names("client_message"));
    assertThat(shown).isEqualTo(all);
  }

  @Test
  void theSpecNamesEverySubscriptionWithItsTopicsAndEveryDataType() throws IOException {
    String text = Files.readString(DOCUMENT);
    for (DashboardSubscription each : DashboardSubscription.values()) {
      assertThat(text).contains("| `" + each.wireName() + "` | `" + each.updateType() + "` |");
      for (String topic : each.topics()) {
        assertThat(text).contains("`" + topic + "`");
      }
    }
    for (DataFamily family : DataFamily.values()) {
      assertThat(text)
          .contains("| `" + family.wireName() + "` | `" + family.command().method() + "` |");
    }
    assertThat(text).contains("version " + Contract.DASHBOARD.currentVersion());
  }

  @Test
  void theSchemaKnowsWhatTheTablesKnow() {
    JsonObject definitions = DashboardSchema.TEXT.getJsonObject("$defs");
    assertThat(
            texts(
                definitions
                    .getJsonObject("subscriptions")
                    .getJsonObject("items")
                    .getJsonArray("enum")))
        .isEqualTo(
            Arrays.stream(DashboardSubscription.values())
                .map(DashboardSubscription::wireName)
                .sorted()
                .toList());
    for (String message : List.of("data_response", "request_data")) {
      assertThat(
              texts(
                  definitions
                      .getJsonObject(message)
                      .getJsonObject("properties")
                      .getJsonObject("data_type")
                      .getJsonArray("enum")))
          .isEqualTo(DataFamily.names());
    }
  }

  private static List<String> texts(JsonArray array) {
    return array.stream().map(String.class::cast).toList();
  }

  @Test
  void everyFamilyOfDataIsRead() {
    assertThat(DataFamily.values()).noneMatch(family -> family.command().changesState());
  }

  @Test
  void noTopicBelongsToTwoSubscriptions() {
    List<String> topics =
        Arrays.stream(DashboardSubscription.values())
            .flatMap(each -> each.topics().stream())
            .toList();
    assertThat(topics).doesNotHaveDuplicates();
  }

  @Test
  void whatTheServerSendsIsValidAndLooksLikeTheExamples() {
    Fault fault = new Fault(Reason.UNKNOWN_SUBSCRIPTION, "No.", "subscriptions", null);
    Fault later = new Fault(Reason.RATE_LIMITED, "Slower.", null, 500L);
    List<String> subs = List.of("agents", "tasks");
    String at = NOW.toString();
    assertLike("connection_established", connectionEstablished());
    assertLike(
        "dashboard_initialized",
        new ServerMessage.DashboardInitialized(
            "dashboard_initialized",
            "1.0.0",
            subs,
            subs,
            DataFamily.names(),
            EffectiveLimits.of(CONFIG.dialects().dashboard(), CONFIG.gateway()),
            at,
            "c"));
    assertLike(
        "subscription_updated",
        new ServerMessage.SubscriptionUpdated("subscription_updated", subs, HERE, HERE, at, "c"));
    assertLike(
        "data_response",
        new ServerMessage.DataResponse(
            "data_response", "agent_status", new RawJson("{}"), at, "c"));
    assertLike("data_error", Errors.dataError("x", Fault.invalid("data_type", "No."), NOW, "c"));
    assertLike("error", Errors.error(fault, List.of("weather"), NOW, "c"));
    assertLike("error.rate_limit", Errors.error(later, null, NOW, "c"));
    assertLike("pong", new ServerMessage.Pong("pong", at, "c"));
    assertLike(
        "auth_refreshed",
        new ServerMessage.AuthRefreshed("auth_refreshed", at, subs, subs, at, "c"));
    assertLike("gap", gap(Gap.removed(1, 5, "e")));
    for (Gap.Cause cause : Gap.Cause.values()) {
      assertValid(gap(Gap.unknown(cause, HERE)));
    }
    assertLike(
        "disconnect_notice.restart",
        Goodbye.of(new Notice.Drain("restart", 1, URI.create("http://x")), NOW, "c"));
    assertLike("disconnect_notice.idle", Goodbye.of(new Notice.Idle(), NOW, "c"));
    assertLike("disconnect_notice.backpressure", Goodbye.of(new Notice.TooSlow(), NOW, "c"));
    assertLike("disconnect_notice.auth", Goodbye.of(new Notice.TokenEnds(NOW), NOW, "c"));
    assertValid(Goodbye.auth("Over.", null, NOW, "c"));
  }

  @Test
  void everyEventIsAValidUpdateOfItsSubscription() {
    for (DashboardSubscription each : DashboardSubscription.values()) {
      for (String topic : each.topics()) {
        for (Long seq : new @Nullable Long[] {7L, null}) {
          Event event = event(seq, Topic.parse(topic), null);
          assertThat(DashboardSubscription.carrying(event.topics())).isEqualTo(each);
          JsonObject update = assertValid(DashboardDialect.update(each, event, "e"));
          assertThat(update.getString("type")).isEqualTo(each.updateType());
          assertThat(update.getString("correlation_id")).isNotBlank();
          assertThat(update.containsKey("position")).isEqualTo(seq != null);
        }
      }
    }
  }

  @Test
  void anEventThatNoRequestCausedHasTheSameIdOnEveryNodeAndNoOtherEventHasIt() {
    Topic tasks = Topic.of(TopicFamily.TASKS);
    String id = idOf(event(7L, tasks, null), "e");
    assertThat(idOf(event(7L, tasks, null), "e")).isEqualTo(id);
    assertThat(idOf(event(8L, tasks, null), "e")).isNotEqualTo(id);
    assertThat(idOf(event(7L, tasks, null), "f")).isNotEqualTo(id);
    assertThat(idOf(event(null, tasks, null), "e")).isNotEqualTo(id);
    assertThat(idOf(event(7L, tasks, "mine"), "e")).isEqualTo("mine");
  }

  @Test
  void anEventThatNoDashboardGetsIsNotRendered() {
    Event event = event(7L, Topic.parse("task:t-1"), null);
    assertThat(new DashboardDialect(CONFIG.dialects().dashboard()).render(event, "e")).isNull();
  }

  private static String idOf(Event event, String epoch) {
    return DashboardDialect.update(DashboardSubscription.TASKS, event, epoch).correlationId();
  }

  private static Event event(@Nullable Long seq, Topic topic, @Nullable String correlationId) {
    return new Event(
        seq, EventKind.TASK, List.of(topic), NOW, "alice", correlationId, new RawJson("{}"));
  }

  private static ServerMessage connectionEstablished() {
    return new ServerMessage.ConnectionEstablished(
        "connection_established",
        "1.0.0",
        "s",
        new NodeId("n"),
        new TenantId("acme"),
        new UserId("alice"),
        List.of("tasks"),
        HERE,
        NOW.toString(),
        "c");
  }

  private static ServerMessage gap(Gap gap) {
    return new ServerMessage.GapMessage(
        "gap", gap.from(), gap.to(), gap.reason(), gap.position(), NOW.toString(), "c");
  }

  private static void assertLike(String example, ServerMessage message) {
    assertThat(fields(assertValid(message))).isEqualTo(fields(example(example)));
  }

  private static JsonObject assertValid(ServerMessage message) {
    JsonObject json = new JsonObject(Json.text(message));
    DashboardSchema.requireValid("server_message", json);
    return json;
  }

  private static List<String> fields(JsonObject object) {
    List<String> names = new ArrayList<>();
    object.forEach(
        entry -> {
          names.add(entry.getKey());
          if (entry.getValue() instanceof JsonObject inner && !entry.getKey().equals("data")) {
            inner.fieldNames().forEach(name -> names.add(entry.getKey() + "." + name));
          }
        });
    return names;
  }

  /// The types that one side sends.
  private static Set<String> names(String side) {
    JsonObject definitions = DashboardSchema.TEXT.getJsonObject("$defs");
    Set<String> names = new TreeSet<>();
    for (Object part : definitions.getJsonObject(side).getJsonArray("oneOf")) {
      String name = ((JsonObject) part).getString("$ref").replace("#/$defs/", "");
      JsonObject type =
          definitions.getJsonObject(name).getJsonObject("properties").getJsonObject("type");
      if (type.containsKey("const")) {
        names.add(type.getString("const"));
      } else {
        type.getJsonArray("enum").forEach(each -> names.add((String) each));
      }
    }
    return names;
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
