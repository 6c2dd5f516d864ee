package dev.flotilla.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flotilla.contract.AgentStatus;
import dev.flotilla.contract.AlertSeverity;
import dev.flotilla.contract.CommandKind;
import dev.flotilla.contract.EventKind;
import dev.flotilla.contract.Fact;
import dev.flotilla.contract.ItemFact;
import dev.flotilla.contract.Result.AgentPage;
import dev.flotilla.contract.Result.AgentView;
import dev.flotilla.contract.TaskChange;
import dev.flotilla.contract.Topic;
import dev.flotilla.gateway.fixture.Audience;
import dev.flotilla.gateway.fixture.EventExamples;
import dev.flotilla.gateway.fixture.Gateways;
import dev.flotilla.gateway.fixture.Heard;
import dev.flotilla.gateway.fixture.ScriptedThread;
import dev.flotilla.gateway.wire.Encoding;
import dev.flotilla.identity.ItemId;
import dev.flotilla.identity.ProjectId;
import dev.flotilla.identity.TenantId;
import dev.flotilla.wire.RawJson;
import io.vertx.core.Future;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// One event, published once, is the same fact to all who hear it, in whatever way they do, and
/// nothing to those whose dialect does not carry it.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EquivalenceIT {
  private static final String CORRELATION = "c-equivalence";

  private static final List<Fact> FIRST = marks("the-first");
  private static final List<Fact> LAST = marks("the-last");

  private final Gateways gateways = Gateways.start();

  @BeforeAll
  void answerChats() {
    ScriptedThread.of(gateways, gateways.tenant());
    Fact.AgentChanged agent = (Fact.AgentChanged) EventExamples.of(EventKind.AGENT);
    AgentView view = new AgentView(agent.id(), agent.instance(), AgentStatus.IDLE, null, List.of());
    gateways
        .commands()
        .answer(
            CommandKind.AGENT_LIST,
            _ -> Future.succeededFuture(RawJson.of(new AgentPage(List.of(view)))));
  }

  @AfterAll
  void stop() {
    gateways.close();
  }

  /// One event for each dialect that says that word.
  private static List<Fact> marks(String word) {
    return List.of(
        new Fact.AlertRaised(word, AlertSeverity.INFO, word, word),
        new Fact.TaskChanged(TaskChange.QUEUED, ScriptedThread.task(word), null),
        new ItemFact.Deleted(new ProjectId(word), null, new ItemId(word)));
  }

  /// A new row of the table does not compile before it has been decided who carries it.
  private static Set<Encoding> carriers(EventKind kind) {
    return switch (kind) {
      case TASK, TASK_OUTPUT, AGENT ->
          EnumSet.of(Encoding.CONTROL, Encoding.STREAM, Encoding.DASHBOARD, Encoding.CHAT);
      case PRESENCE ->
          EnumSet.of(Encoding.CONTROL, Encoding.STREAM, Encoding.DASHBOARD, Encoding.WORK);
      case INSTANCE, HEALTH, HEARTBEAT, ALERT, SYSTEM ->
          EnumSet.of(Encoding.CONTROL, Encoding.STREAM, Encoding.DASHBOARD);
      case CUSTOM -> EnumSet.of(Encoding.CONTROL, Encoding.STREAM);
      case PROJECT_CREATED,
          PROJECT_UPDATED,
          PROJECT_DELETED,
          WORK_ITEM_CREATED,
          WORK_ITEM_UPDATED,
          WORK_ITEM_DELETED,
          WORK_ITEM_MOVED,
          WORK_ITEM_PRESENCE,
          WORK_ITEM_TYPING,
          SPRINT_CREATED,
          SPRINT_UPDATED,
          SPRINT_DELETED,
          SPRINT_STARTED,
          SPRINT_COMPLETED,
          COMMENT_ADDED,
          COMMENT_UPDATED,
          COMMENT_DELETED,
          TIME_ENTRY_STARTED,
          TIME_ENTRY_STOPPED,
          TIME_ENTRY_UPDATED,
          TIME_ENTRY_DELETED,
          DEPENDENCY_CREATED,
          DEPENDENCY_DELETED ->
          EnumSet.of(Encoding.CONTROL, Encoding.STREAM, Encoding.WORK);
    };
  }

  @ParameterizedTest
  @EnumSource
  void oneEventIsOneFactToAllWhoseDialectsCarryIt(EventKind kind) {
    Fact fact = EventExamples.of(kind);
    TenantId tenant = gateways.tenant();
    List<Topic> topics =
        Stream.of(List.of(fact), FIRST, LAST)
            .flatMap(List::stream)
            .flatMap(each -> each.topics().stream())
            .distinct()
            .toList();
    try (Audience audience = new Audience(gateways, tenant, topics)) {
      gateways.publish(tenant, FIRST, null);
      audience.until("the-first");
      gateways.publish(tenant, List.of(fact), CORRELATION);
      gateways.publish(tenant, LAST, null);
      Map<Encoding, List<Heard>> heard = audience.until("the-last");
      heard.forEach(
          (dialect, events) ->
              assertThat(events)
                  .as("%s", dialect)
                  .hasSize(carriers(kind).contains(dialect) ? 1 : 0));
      Heard told = heard.getOrDefault(Encoding.CONTROL, List.of()).getFirst();
      assertThat(told.position() != null).isEqualTo(kind.durable());
      assertThat(told.correlationId()).isEqualTo(CORRELATION);
      heard.forEach((dialect, events) -> events.forEach(event -> compare(dialect, event, told)));
    }
  }

  private static void compare(Encoding dialect, Heard event, Heard told) {
    assertThat(event.position()).as("%s", dialect).isEqualTo(told.position());
    assertThat(event.at()).as("%s", dialect).isEqualTo(told.at());
    switch (dialect) {
      case CONTROL, STREAM, DASHBOARD -> assertThat(event).isEqualTo(told);
      // It leaves out much, and adds nothing.
      case CHAT -> assertThat(told.facts()).containsAll(event.facts()).hasSizeGreaterThan(1);
      // It leaves out nothing, and says who did it.
      case WORK -> {
        assertThat(event.facts()).containsAll(told.facts());
        assertThat(event.correlationId()).isEqualTo(CORRELATION);
      }
    }
  }
}
