package dev.flotilla.gateway.dialect.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flotilla.contract.AgentStatus;
import dev.flotilla.contract.MessageRole;
import dev.flotilla.contract.Result.TaskError;
import dev.flotilla.contract.TaskChange;
import dev.flotilla.contract.TaskState;
import dev.flotilla.fault.Fault;
import dev.flotilla.fault.FaultCode;
import dev.flotilla.fault.Reason;
import dev.flotilla.gateway.dialect.chat.ClientMessage.Asked;
import dev.flotilla.gateway.feed.Gap;
import dev.flotilla.gateway.feed.Position;
import dev.flotilla.gateway.session.CloseReason;
import dev.flotilla.gateway.session.Notice;
import dev.flotilla.identity.AgentId;
import dev.flotilla.identity.InstanceId;
import dev.flotilla.identity.TaskId;
import dev.flotilla.wire.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The AsyncAPI document is the only source: the decoder, the encoder and the page of the dialect
/// say what it says.
class ContractTest {
  private static final Path PAGE = Path.of("../docs/protocol/chat-v1.md");
  private static final Instant NOW = Instant.ofEpochMilli(1_763_600_000_000L);
  private static final Position HERE = new Position("e", 5);
  private static final TaskId TASK = new TaskId("t-1");
  private static final AgentId AGENT = new AgentId("eu-1");

  @Test
  void everyReferenceOfTheDocumentLeadsSomewhere() {
    List<String> references = new ArrayList<>();
    collect(Contract.document(), references);
    assertThat(references).hasSizeGreaterThan(100).allMatch(ContractTest::resolves);
  }

  @Test
  void everyMessageIsInAChannelAndAnOperationAndHasAnExample() {
    Set<String> inChannels = new HashSet<>();
    Contract.document()
        .getJsonObject("channels")
        .forEach(
            channel ->
                inChannels.addAll(
                    ((JsonObject) channel.getValue()).getJsonObject("messages").fieldNames()));
    Set<String> inOperations = new TreeSet<>(Contract.types("receive"));
    inOperations.addAll(Contract.types("send"));
    assertThat(Contract.messages().keySet()).isEqualTo(inChannels).isEqualTo(inOperations);
    assertThat(Contract.messages())
        .allSatisfy(
            (type, message) -> {
              assertThat(message.getJsonArray("examples")).as(type).isNotEmpty();
              JsonObject properties = message.getJsonObject("payload").getJsonObject("properties");
              assertThat(properties.getJsonObject("type").getString("const")).isEqualTo(type);
            });
  }

  @Test
  void everyExampleIsWhatItsSchemaSays() {
    Contract.examples()
        .forEach(
            (name, message) -> {
              assertThat(name).startsWith(message.getString("type"));
              assertThat(Contract.check(message.getString("type"), message).getErrors())
                  .as(name)
                  .isNullOrEmpty();
            });
  }

  @Test
  void clientsSendExactlyWhatTheDecoderTakes() {
    Set<String> taken = new TreeSet<>();
    Contract.examples()
        .forEach(
            (name, message) -> {
              if (MessageDecoder.decode(message.encode()) instanceof Asked asked) {
                taken.add(message.getString("type"));
                assertThat(asked.reqId()).as(name).isEqualTo(message.getString("req_id"));
              }
            });
    assertThat(taken).isEqualTo(Contract.types("receive"));
    assertThat(ClientMessage.Request.class.getPermittedSubclasses()).hasSameSizeAs(taken);
  }

  @Test
  void whatClientsSendIsClosedAndWhatTheServerSendsIsOpen() {
    Contract.examples()
        .forEach(
            (name, message) -> {
              String type = message.getString("type");
              boolean open = Contract.types("send").contains(type);
              JsonObject more = message.copy().put("more", 1);
              JsonObject inside = message.copy();
              inside.getJsonObject("data").put("more", 1);
              assertThat(Contract.accepts(type, more)).as(name).isEqualTo(open);
              assertThat(Contract.accepts(type, inside)).as(name).isEqualTo(open);
            });
  }

  @Test
  void whatTheServerSendsIsWhatItsSchemaSays() {
    Set<String> sent = new TreeSet<>();
    everything()
        .forEach(
            message -> {
              JsonObject json = new JsonObject(Json.text(message));
              sent.add(message.type());
              assertThat(Contract.check(message.type(), json).getErrors())
                  .as(json.encode())
                  .isNullOrEmpty();
            });
    assertThat(sent).isEqualTo(Contract.types("send"));
    assertThat(ServerPayload.class.getPermittedSubclasses()).hasSameSizeAs(sent);
  }

  /// Whatever the schema describes somebody sends, and nobody sends what it does not describe.
  @Test
  void theServersMessagesHaveTheFieldsThatTheSchemasDescribe() {
    Contract.types("send")
        .forEach(
            type -> {
              Set<String> fields = new TreeSet<>();
              everything()
                  .filter(message -> message.type().equals(type))
                  .forEach(message -> fields(new JsonObject(Json.text(message)), "", fields));
              assertThat(fields).as(type).isEqualTo(described(type));
            });
  }

  @Test
  void theEnumsOfTheDocumentAreThoseOfTheFleet() {
    assertThat(values("Error", "code")).isEqualTo(names(FaultCode.values()));
    assertThat(values("AgentEvent", "status")).isEqualTo(names(AgentStatus.values()));
    assertThat(values("Gap", "reason")).isEqualTo(names(Gap.Cause.values()));
    assertThat(values("Notice", "kind")).isEqualTo(names(ServerPayload.Notice.Kind.values()));
    assertThat(values("ChatMessage", "role")).isEqualTo(names(MessageRole.values()));
    assertThat(values(schema("TaskStatus"))).isEqualTo(names(TaskState.values()));
  }

  @Test
  void thePageShowsEveryExampleAndNamesEveryTypeAndNoWrongCloseCode() throws IOException {
    String page = Files.readString(PAGE);
    for (Map.Entry<String, JsonObject> example : Contract.examples().entrySet()) {
      Matcher block =
          Pattern.compile(
                  "<!-- example: " + Pattern.quote(example.getKey()) + " -->\\s*```json\\n(.*?)```",
                  Pattern.DOTALL)
              .matcher(page);
      assertThat(block.find()).as("the page shows %s", example.getKey()).isTrue();
      assertThat(new JsonObject(block.group(1))).isEqualTo(example.getValue());
    }
    for (String type : Contract.messages().keySet()) {
      assertThat(page).contains("| `" + type + "` |");
    }
    Set<String> rows = new TreeSet<>();
    Matcher row = Pattern.compile("\\| (\\d{4}) \\|.*\\| (yes|no) \\|").matcher(page);
    while (row.find()) {
      rows.add(row.group(1) + " " + row.group(2));
    }
    assertThat(rows)
        .contains("1002 no", "1012 yes", "4401 no", "4408 yes")
        .isSubsetOf(
            Arrays.stream(CloseReason.values())
                .map(reason -> reason.code() + " " + (reason.comeBack() ? "yes" : "no"))
                .toList());
  }

  private static Stream<ServerMessage> everything() {
    String thread = "thread:incident-42";
    ServerPayload.Message asked =
        new ServerPayload.Message(
            TASK, MessageRole.USER, "alice", null, "r", NOW, "?", null, TaskState.PENDING);
    ServerPayload.Message failed =
        new ServerPayload.Message(
            TASK,
            MessageRole.ASSISTANT,
            null,
            AGENT,
            "r",
            NOW,
            null,
            new TaskError("CANCELLED", "Cancelled."),
            TaskState.CANCELLED);
    Stream<ServerMessage> answers =
        Stream.of(
                new ServerPayload.ThreadHistory(
                    "incident-42",
                    List.of(asked, failed),
                    "b",
                    new ServerPayload.LiveText(TASK, 1, "so", 2, false),
                    HERE),
                new ServerPayload.ThreadHistory("incident-42", List.of(), null, null, null),
                new ServerPayload.MessageAccepted("incident-42", TASK),
                new ServerPayload.MessageAborted("incident-42", TASK))
            .map(data -> ServerMessage.of(thread, "r", NOW, data));
    Stream<ServerMessage> events =
        Stream.of(
                new ServerPayload.ThreadMessage("incident-42", asked, HERE),
                new ServerPayload.ThreadMessage("incident-42", failed, HERE),
                new ServerPayload.StreamStart("incident-42", TASK, 1, AGENT, HERE),
                new ServerPayload.StreamEnd(
                    "incident-42", TASK, 1, TaskChange.SUCCEEDED, "so", null, HERE),
                new ServerPayload.StreamEnd(
                    "incident-42", TASK, 1, TaskChange.DEAD, null, new TaskError("X", "y"), HERE))
            .map(data -> ServerMessage.of(thread, "r", NOW, data));
    ServerMessage chunk =
        ServerMessage.of(
            thread, null, NOW, new ServerPayload.StreamChunk("incident-42", TASK, 1, 0, "so"));
    ServerMessage agent =
        ServerMessage.of(
            "agent:eu-1",
            "r",
            NOW,
            new ServerPayload.AgentEvent(
                AGENT,
                new InstanceId("eu-1"),
                AgentStatus.TOOL,
                "why",
                TASK,
                "incident-42",
                "exec"));
    Stream<ServerMessage> own =
        Stream.of(
                new ServerPayload.Unsubscribed(thread),
                new ServerPayload.AuthRefreshed(NOW, List.of(thread)),
                ServerPayload.Refusal.of(new Fault(Reason.UNAVAILABLE, "Away.", "f", 5L), "c"))
            .map(data -> ServerMessage.of(ServerMessage.SYSTEM, "r", NOW, data));
    Stream<ServerMessage> notices =
        Stream.<Notice>of(
                new Notice.Drain("restart", 3, URI.create("http://n2:8080")),
                new Notice.TokenEnds(NOW),
                new Notice.Idle(),
                new Notice.TooSlow())
            .map(notice -> ServerMessage.of("system", null, NOW, NoticeRendering.of(notice)));
    Stream<ServerMessage> gaps =
        Stream.of(Gap.removed(1, 5, "e"), Gap.unknown(Gap.Cause.EPOCH_CHANGED, HERE))
            .map(gap -> ServerMessage.of("system", null, NOW, ServerPayload.EventsMissing.of(gap)));
    Stream<ServerMessage> rest =
        Stream.of(chunk, agent, ServerMessage.of("system", null, NOW, new ServerPayload.Ping()));
    return Stream.of(answers, events, own, notices, gaps, rest).flatMap(all -> all);
  }

  private static void fields(JsonObject object, String path, Set<String> found) {
    object.forEach(
        entry -> {
          String name = path + entry.getKey();
          found.add(name);
          switch (entry.getValue()) {
            case JsonObject inner -> fields(inner, name + ".", found);
            case JsonArray items ->
                items.forEach(
                    item -> {
                      if (item instanceof JsonObject inner) {
                        fields(inner, name + ".", found);
                      }
                    });
            case null, default -> {}
          }
        });
  }

  private static Set<String> described(String type) {
    Set<String> found = new TreeSet<>();
    JsonObject message = Objects.requireNonNull(Contract.messages().get(type));
    describe(message.getJsonObject("payload"), "", found);
    return found;
  }

  private static void describe(JsonObject schema, String path, Set<String> found) {
    JsonObject resolved = resolve(schema);
    if (resolved.containsKey("items")) {
      describe(resolved.getJsonObject("items"), path, found);
    }
    resolved
        .getJsonObject("properties", new JsonObject())
        .forEach(
            entry -> {
              found.add(path + entry.getKey());
              describe((JsonObject) entry.getValue(), path + entry.getKey() + ".", found);
            });
  }

  private static JsonObject resolve(JsonObject schema) {
    return schema.containsKey("$ref") ? schema(Contract.target(schema)) : schema;
  }

  private static JsonObject schema(String name) {
    return Contract.document()
        .getJsonObject("components")
        .getJsonObject("schemas")
        .getJsonObject(name);
  }

  private static Set<String> values(String schema, String property) {
    return values(schema(schema).getJsonObject("properties").getJsonObject(property));
  }

  private static Set<String> values(JsonObject schema) {
    return schema.getJsonArray("enum").stream()
        .map(String.class::cast)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Set<String> names(Object[] values) {
    return Arrays.stream(values)
        .map(value -> Json.tree(value).textValue())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static void collect(Object value, List<String> references) {
    if (value instanceof JsonObject object) {
      object.forEach(
          entry -> {
            if (entry.getKey().equals("$ref")) {
              references.add((String) entry.getValue());
            } else {
              collect(entry.getValue(), references);
            }
          });
    } else if (value instanceof JsonArray array) {
      array.forEach(item -> collect(item, references));
    }
  }

  private static boolean resolves(String reference) {
    Object at = Contract.document();
    for (String step : reference.substring(2).split("/", -1)) {
      at = at instanceof JsonObject object ? object.getValue(step) : null;
    }
    return at != null;
  }
}
