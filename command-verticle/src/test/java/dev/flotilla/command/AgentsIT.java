package dev.flotilla.command;

import static dev.flotilla.command.CommandFleet.ALICE;
import static dev.flotilla.command.CommandFleet.principal;
import static dev.flotilla.contract.CommandKind.AGENT_LIST;
import static dev.flotilla.contract.CommandKind.INSTANCE_REGISTER;
import static org.assertj.core.api.Assertions.assertThat;

import dev.flotilla.contract.AgentStatus;
import dev.flotilla.contract.InstanceState;
import dev.flotilla.contract.Result.AgentPage;
import dev.flotilla.contract.Result.AgentTask;
import dev.flotilla.contract.Result.AgentView;
import dev.flotilla.contract.Result.InstanceView;
import dev.flotilla.contract.Result.TaskView;
import dev.flotilla.dispatch.InstanceReport;
import dev.flotilla.dispatch.RunReport;
import dev.flotilla.identity.Principal;
import dev.flotilla.identity.Role;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AgentsIT {
  private static final Principal BOB = principal("other", "bob", Role.OPERATOR);
  private static final Principal ROOT = principal("ops", "root", Role.PLATFORM);

  private final CommandFleet fleet = CommandFleet.of("n1");

  @BeforeEach
  void register() {
    Map<String, Object> pool =
        Map.of(
            "id",
            ScriptedRegistry.INSTANCE.value(),
            "url",
            "wss://pool.example",
            "token",
            "t",
            "shared",
            true);
    fleet.ask(ROOT, INSTANCE_REGISTER, pool, "k1", InstanceView.class);
  }

  @AfterEach
  void close() {
    fleet.close();
  }

  private void report(InstanceState state, RunReport... runs) {
    Instant now = Instant.now();
    fleet.registry.reports =
        List.of(
            new InstanceReport(
                ScriptedRegistry.INSTANCE,
                state,
                "because",
                now,
                ScriptedRegistry.OWNER,
                "1.0",
                runs.length,
                List.of(runs),
                now,
                null));
  }

  private AgentView agent(Principal who) {
    List<AgentView> agents = fleet.ask(who, AGENT_LIST, "{}", null, AgentPage.class).items();
    assertThat(agents).hasSize(1);
    assertThat(agents.getFirst().id().value()).isEqualTo("eu-1");
    return agents.getFirst();
  }

  @Test
  void anAgentWithoutATaskIsIdleOrSaysWhyItIsUnavailable() {
    report(InstanceState.READY);
    assertThat(agent(ALICE).status()).isEqualTo(AgentStatus.IDLE);
    assertThat(agent(ALICE).reason()).isNull();
    report(InstanceState.DEGRADED);
    assertThat(agent(ALICE).status()).isEqualTo(AgentStatus.UNAVAILABLE);
    report(InstanceState.DOWN);
    assertThat(agent(ALICE).reason()).isEqualTo("because");
  }

  @Test
  void anAgentShowsWhatItDoesForTheTenantNewestTaskFirst() {
    TaskView older = fleet.create("older");
    fleet.awaitStarted("older");
    TaskView newer = fleet.create(ALICE, Map.of("prompt", "newer", "session", "chat-7"));
    fleet.awaitStarted("newer");
    report(
        InstanceState.READY,
        new RunReport(newer.id(), AgentStatus.TOOL, "exec"),
        new RunReport(older.id(), AgentStatus.STREAMING, null));
    AgentView agent = agent(ALICE);
    assertThat(agent.status()).isEqualTo(AgentStatus.TOOL);
    assertThat(agent.tasks()).extracting(AgentTask::id).containsExactly(newer.id(), older.id());
    assertThat(agent.tasks().getFirst())
        .satisfies(
            task -> {
              assertThat(task.tool()).isEqualTo("exec");
              assertThat(task.session()).isEqualTo("chat-7");
              assertThat(task.startedAt()).isNotNull();
            });
    report(InstanceState.DEGRADED);
    assertThat(agent(ALICE).status()).isEqualTo(AgentStatus.WORKING);
    report(InstanceState.DOWN);
    assertThat(agent(ALICE).status()).isEqualTo(AgentStatus.UNAVAILABLE);
    assertThat(agent(ALICE).tasks()).hasSize(2);
  }

  @Test
  void whatAnAgentDoesForAnotherTenantIsNotShown() {
    TaskView task = fleet.create("secret");
    fleet.awaitStarted("secret");
    report(InstanceState.READY, new RunReport(task.id(), AgentStatus.TOOL, "exec"));
    assertThat(agent(BOB).status()).isEqualTo(AgentStatus.IDLE);
    assertThat(agent(BOB).tasks()).isEmpty();
  }
}
