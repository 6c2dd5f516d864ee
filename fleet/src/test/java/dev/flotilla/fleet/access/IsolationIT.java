package dev.flotilla.fleet.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flotilla.contract.CommandKind;
import dev.flotilla.identity.Role;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Nothing of one tenant reaches another, by any command and any way to ask for it: nothing is
/// shown, nothing is changed, and nobody can tell what is another tenant's from what is not there.
/// [Probe] has a row for every command, or this does not compile.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class IsolationIT {
  private final House house = House.open();
  private Victim victim;

  @SuppressWarnings("NullAway.Init") // Before all tests.
  IsolationIT() {}

  @BeforeAll
  void aVictim() {
    victim = Victim.in(house);
  }

  @AfterAll
  void close() {
    house.close();
  }

  @ParameterizedTest
  @EnumSource
  void aStrangerSeesAndChangesNothing(CommandKind kind) {
    String token = house.token("stranger-of-" + kind.method(), "mallory", Role.ADMIN);
    Probe probe = Probe.of(kind, victim);
    List<String> before = victim.state(house);
    for (Way way : Stream.of(Way.values()).filter(each -> each.has(kind)).toList()) {
      for (Probe.Pair pair : probe.pairs()) {
        String victims = way.ask(house, token, kind, pair.victims());
        String absent = way.ask(house, token, kind, pair.absent());
        assertThat(same(victims, pair.id()))
            .as("%s of what is another's and of what nobody has", way)
            .isEqualTo(same(same(absent, Probe.NOBODYS), Probe.NOBODYS_UUID));
      }
      for (JsonObject params : probe.own()) {
        String answer = way.ask(house, token, kind, params);

        if (!params.encode().contains(Victim.MARK)) {
          assertThat(answer).as("%s", way).doesNotContain(Victim.MARK);
        }
        assertThat(answer).as("%s", way).doesNotContain(victim.task(), victim.session());
        assertThat(answer).as("%s", way).doesNotContain(victim.key(), "INTERNAL_ERROR");
      }
    }
    assertThat(victim.state(house)).isEqualTo(before);
  }

  /// What the asker has said itself, and what tells one answer from another, is left out.
  private static String same(String answer, String id) {
    return answer
        .replace(id, "ID")
        .replaceAll("\"(correlationId|correlation_id)\":\"[^\"]*\"", "")
        .replaceAll("\"(ts|timestamp|createdAt|retryAfterMs)\":\\d+", "");
  }

  @Test
  void aReadThatNamesTheVictimsThingsComesBackEmpty() {
    Rest stranger = house.rest().bearer(house.token("stranger", "mallory", Role.ADMIN));
    for (String path :
        List.of(
            "/api/v1/tasks?label=" + victim.label(),
            "/api/v1/tasks?session=" + victim.thread(),
            "/api/v1/tasks?schedule=" + victim.schedule(),
            "/api/v1/logins?user=" + victim.onlyUser(),
            "/api/v1/audit?actor=" + victim.onlyUser())) {
      JsonObject page = stranger.get(path).json();
      assertThat(page.getJsonArray("items")).as(path).noneMatch(this::isVictims);
    }
  }

  private boolean isVictims(Object item) {
    String text = item.toString();
    return text.contains(victim.task())
        || text.contains(victim.session())
        || text.contains("\"prompt\":\"" + Victim.MARK);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "agent_status",
        "coordination_status",
        "instance_status",
        "node_status",
        "system_status",
        "task_status"
      })
  void aDashboardOfAStrangerShowsNothing(String family) {
    String token = house.token("blind-dashboard", "mallory", Role.ADMIN);
    Socket socket = Socket.open(house, house.port(), "/api/dashboard/ws/dashboard", token);
    socket.send(new JsonObject().put("type", "request_data").put("data_type", family).encode());
    socket.awaitHeard("\"data_response\"");
    assertThat(socket.heard()).noneMatch(text -> text.contains(Victim.MARK));
    socket.close();
  }

  @Test
  void aChatOfAStrangerShowsNothing() {
    String token = house.token("blind-chat", "mallory", Role.ADMIN);
    Socket socket = Socket.open(house, house.port(), "/api/chat/ws", token);
    socket.send(
        new JsonObject()
            .put("v", 1)
            .put("type", "subscribe_thread")
            .put("topic", "system")
            .put("ts", 1_763_600_000_000L)
            .put("req_id", "1")
            .put("data", new JsonObject().put("thread_id", victim.thread()))
            .encode());
    socket.awaitHeard("thread_history");
    assertThat(socket.heard()).noneMatch(text -> text.contains("\"text\":\"" + Victim.MARK));
    socket.close();
  }
}
