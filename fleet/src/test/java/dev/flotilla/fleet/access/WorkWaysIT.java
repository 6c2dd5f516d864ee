package dev.flotilla.fleet.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flotilla.contract.CommandKind;
import dev.flotilla.contract.WorkCommand;
import dev.flotilla.identity.Role;
import dev.flotilla.wire.Json;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// Every command about tracked work is the same over REST, the control dialect and the work
/// dialect, in its general request and in a message of its own: the same answer, and the same rows
/// and events in the log.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WorkWaysIT {
  private static final List<Way> WAYS = List.of(Way.REST_V1, Way.CONTROL, Way.WORK, Way.TYPED);

  private final House house = House.open();

  @AfterAll
  void close() {
    house.close();
  }

  /// Each command once, with the params of its example in the contract; what they name is there.
  @Test
  void everyCommandIsTheSameHoweverItIsAskedFor() {
    Map<Way, Map<String, String>> answers = new LinkedHashMap<>();
    Map<Way, List<String>> logs = new LinkedHashMap<>();
    for (Way way : WAYS) {
      Map<String, String> mine = new LinkedHashMap<>();
      for (CommandKind kind : commands()) {
        String tenant = ("w-" + way + "-" + kind.method()).replace('_', '-');
        String token = house.token(tenant, "alice", Role.ADMIN);
        Tracked things = Tracked.of(house.rest().bearer(token), "one");
        String answer = way.ask(house, token, kind, params(kind, things));
        mine.put(kind.method(), plain(answer));
        logs.computeIfAbsent(way, _ -> new ArrayList<>()).addAll(log(tenant));
      }
      answers.put(way, mine);
    }
    Map<String, String> first = Objects.requireNonNull(answers.get(WAYS.getFirst()));
    answers.forEach((way, mine) -> assertThat(mine).as("%s", way).isEqualTo(first));
    logs.forEach((way, log) -> assertThat(log).as("%s", way).isEqualTo(logs.get(WAYS.getFirst())));
    assertThat(first.values()).filteredOn(answer -> answer.startsWith("{")).hasSizeGreaterThan(20);
  }

  private static List<CommandKind> commands() {
    return Arrays.stream(CommandKind.values())
        .filter(kind -> WorkCommand.class.isAssignableFrom(kind.params()))
        .toList();
  }

  /// The example, with the names of what is there in place of its own.
  private static JsonObject params(CommandKind kind, Tracked things) {
    String example =
        text(kind)
            .replace("project-1", things.project())
            .replace("sprint-789", things.sprint())
            .replace("task-123", things.item())
            .replace("task-456", "one-other-item")
            .replace("task-789", things.item())
            .replace("comment-1", things.comment())
            .replace("entry-123", things.timeEntry())
            .replace("dep-123", things.dependency());
    JsonObject params = new JsonObject(example);
    List.of("revision", "parentId", "afterId", "cursor", "nextSprintId").forEach(params::remove);
    if (kind.method().endsWith(".create") || kind.method().equals("comment.add")) {
      params.put("id", "fresh");
    }
    if ("sprint".equals(params.getString("openItems"))) {
      params.put("openItems", "backlog");
    }
    return params;
  }

  private static String text(CommandKind kind) {
    String path = "/contract/example/command/" + kind.method() + ".json";
    try (InputStream in = CommandKind.class.getResourceAsStream(path)) {
      if (in == null) {
        throw new AssertionError("there is no " + path);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  /// What a refusal says is in each way's own words: that it is one, and its reason, is compared.
  private static String plain(String answer) {
    String text = answer.replaceFirst("^20[0-9] ", "");
    return CODES.stream()
        .filter(text::contains)
        .findFirst()
        .orElseGet(() -> neutral(Json.tree(new JsonObject(text).getMap()).toString()));
  }

  private static final List<String> CODES =
      List.of("NOT_FOUND", "WRONG_STATE", "ALREADY_EXISTS", "INVALID_FIELD", "DEPENDENCY_CYCLE");

  /// Without times and ids that the fleet gives.
  private static String neutral(String json) {
    return json.replaceAll("1[0-9]{12}", "TIME")
        .replaceAll("@[0-9a-f]{32}", "@EPOCH")
        .replaceAll("[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f-]{21}", "ID")
        .replaceAll("\"durationSeconds\":\\d+", "\"durationSeconds\":0");
  }

  private List<String> log(String tenant) {
    List<String> rows = new ArrayList<>();
    house
        .stores
        .postgres()
        .preparedQuery(
            "select seq, kind, topics::text as topics, actor, payload::text as payload"
                + " from activity where tenant = $1 and kind <> 'TASK' order by seq")
        .execute(io.vertx.sqlclient.Tuple.of(tenant))
        .await()
        .forEach(
            row ->
                rows.add(
                    neutral(
                        row.getLong("seq")
                            + row.getString("kind")
                            + row.getString("topics")
                            + row.getString("actor")
                            + row.getString("payload"))));
    return rows;
  }
}
