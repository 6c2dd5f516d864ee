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
import dev.flotilla.contract.TopicFamily;
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
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Whatever happens in one tenant, nobody of another hears of it, in any dialect: every row of the
/// event table, on every family of topics.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TenantEventsIT {
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

  @Test
  void theEventsOfTheTableAreOnEveryFamilyOfTopics() {
    Set<TopicFamily> families =
        Arrays.stream(EventKind.values())
            .flatMap(kind -> EventExamples.of(kind).topics().stream())
            .map(Topic::family)
            .collect(Collectors.toSet());
    families.add(TopicFamily.THREAD); // Tasks of the marks are said in one.
    assertThat(families).isEqualTo(EnumSet.allOf(TopicFamily.class));
  }

  /// The stranger has the same topics by name. The last word of the stranger's own tenant is said
  /// when the event has reached whom it was for.
  @ParameterizedTest
  @EnumSource
  void nobodyOfAnotherTenantHearsIt(EventKind kind) {
    Fact fact = EventExamples.of(kind);
    TenantId owner = gateways.tenant("own");
    TenantId other = gateways.tenant("other");
    List<Topic> topics =
        Stream.of(List.of(fact), FIRST, LAST)
            .flatMap(List::stream)
            .flatMap(each -> each.topics().stream())
            .distinct()
            .toList();
    try (Audience mine = new Audience(gateways, owner, topics);
        Audience stranger = new Audience(gateways, other, topics)) {
      gateways.publish(owner, FIRST, null);
      mine.until("the-first");
      gateways.publish(other, FIRST, null);
      stranger.until("the-first");
      gateways.publish(owner, List.of(fact), "c-isolation");
      gateways.publish(owner, LAST, null);
      Map<Encoding, List<Heard>> told = mine.until("the-last");
      assertThat(told.get(Encoding.CONTROL)).hasSize(1);
      gateways.publish(other, LAST, null);
      stranger
          .until("the-last")
          .forEach((dialect, events) -> assertThat(events).as("%s", dialect).isEmpty());
    }
  }
}
