package dev.flotilla.registry.link.openclaw;

import static dev.flotilla.registry.link.openclaw.ContractSubject.slow;
import static dev.flotilla.registry.link.openclaw.ContractSubject.spoken;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.flotilla.contract.InstanceLoad;
import dev.flotilla.contract.InstanceState;
import dev.flotilla.contract.PeerCommand;
import dev.flotilla.contract.PeerResult;
import dev.flotilla.dispatch.RunOrder;
import dev.flotilla.dispatch.RunState;
import dev.flotilla.identity.InstanceId;
import dev.flotilla.registry.link.Doing;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// What the fleet relies on where it asks an instance of itself, of the scripted one as of a real
/// gateway.
interface PeerContract {
  ContractSubject subject();

  private static void awaitLoad(LinkBench bench, Predicate<InstanceLoad> condition) {
    await()
        .until(
            () -> {
              InstanceLoad load = bench.observation().load();
              return load != null && condition.test(load);
            });
  }

  @Test
  default void theInstanceTellsHowBusyItIsAndWhatItHasUsed() {
    RunOrder order = LinkBench.order("[[hang]] " + UUID.randomUUID());
    try (LinkBench bench = subject().link()) {
      awaitLoad(bench, load -> load.answerMs() != null && load.queued() != null);
      bench.ensure(order);
      awaitLoad(bench, load -> atLeast(1, load.runs()) && atLeast(1, load.activeSessions()));
      bench.cancel(order);
      bench.awaitEnd(order);
      RunOrder spoken = LinkBench.order(slow(3, 10));
      bench.ensure(spoken);
      bench.awaitEnd(spoken);
      awaitLoad(bench, load -> Integer.valueOf(0).equals(load.runs()));
      awaitLoad(
          bench,
          load ->
              load.usage() != null
                  && atLeast(1, load.usage().sessions())
                  && atLeast(1, load.usage().outputTokens())
                  && load.usage().costUsd() != null);
    }
  }

  private static boolean atLeast(int least, @Nullable Number number) {
    return number != null && number.longValue() >= least;
  }

  @Test
  default void whatTheInstanceKeepsCanBeAskedFor() {
    RunOrder order = LinkBench.order(slow(3, 10));
    try (LinkBench bench = subject().link()) {
      bench.ensure(order);
      bench.awaitEnd(order);
      PeerResult.SessionPage sessions =
          (PeerResult.SessionPage) bench.ask(new PeerCommand.SessionList(null, 200, null, null));
      PeerResult.SessionCard session =
          sessions.items().stream()
              .filter(card -> card.key().endsWith(order.sessionKey().toLowerCase(Locale.ROOT)))
              .findFirst()
              .orElseThrow();
      assertThat(session.active()).isFalse();
      assertThat(session.instance()).isEqualTo(order.instance());
      PeerResult.SessionHistory history =
          (PeerResult.SessionHistory)
              bench.ask(new PeerCommand.SessionHistory(order.instance(), session.key(), 10, null));
      assertThat(history.messages().getFirst().role()).isEqualTo("user");
      assertThat(history.messages().getFirst().text()).contains(order.prompt());
      assertThat(history.messages().getLast().text()).isEqualTo(spoken(3));
      assertThat(((PeerResult.AgentCatalog) bench.ask(new PeerCommand.AgentCatalog(null))).items())
          .anySatisfy(
              agent -> {
                assertThat(agent.id()).isEqualTo("main");
                assertThat(agent.standard()).isTrue();
              });
      assertThat(((PeerResult.ModelPage) bench.ask(new PeerCommand.ModelList(null))).items())
          .anySatisfy(model -> assertThat(model.id()).contains("mock-1"));
      assertThat(((PeerResult.ApprovalPage) bench.ask(new PeerCommand.ApprovalList(null))).items())
          .isEmpty();
    }
  }

  @Test
  default void aScheduledJobIsAddedShownAndRemoved() {
    InstanceId id = new InstanceId("i-1");
    String name = "job " + UUID.randomUUID();
    try (LinkBench bench = subject().link()) {
      PeerCommand.CronAdd add =
          new PeerCommand.CronAdd(
              id, name, "say hello", "0 7 * * *", "Europe/Berlin", null, null, null, true);
      PeerResult.CronChanged added = (PeerResult.CronChanged) bench.ask(add);
      assertThat(jobs(bench))
          .filteredOn(job -> job.id().equals(added.id()))
          .singleElement()
          .satisfies(
              job -> {
                assertThat(job.name()).isEqualTo(name);
                assertThat(job.enabled()).isTrue();
                assertThat(job.schedule()).isEqualTo("0 7 * * * Europe/Berlin");
              });
      bench.ask(
          new PeerCommand.CronUpdate(
              id, added.id(), "new " + name, null, null, null, 3_600_000L, null, null, false));
      assertThat(jobs(bench))
          .filteredOn(job -> job.id().equals(added.id()))
          .singleElement()
          .satisfies(
              job -> {
                assertThat(job.name()).isEqualTo("new " + name);
                assertThat(job.enabled()).isFalse();
                assertThat(job.schedule()).isEqualTo("every 3600 s");
              });
      assertThat(bench.ask(new PeerCommand.CronRemove(id, added.id())))
          .isEqualTo(new PeerResult.CronChanged(id, added.id(), true, null));
      assertThat(jobs(bench)).noneMatch(job -> job.id().equals(added.id()));
      assertThatThrownBy(
              () ->
                  bench.ask(
                      new PeerCommand.CronUpdate(
                          id, added.id(), "x", null, null, null, null, null, null, null)))
          .hasMessageContaining("INSTANCE_REFUSED");
      assertThatThrownBy(() -> bench.ask(new PeerCommand.CronRun(id, added.id())))
          .hasMessageContaining("INSTANCE_REFUSED");
    }
  }

  @Test
  default void anInstanceRestartsWhenItIsAskedTo() {
    try (LinkBench bench = subject().link()) {
      bench.awaitState(InstanceState.READY);
      PeerResult.InstanceRestarting said =
          (PeerResult.InstanceRestarting)
              bench.ask(new PeerCommand.InstanceRestart(new InstanceId("i-1"), "for a test"));
      assertThat(said.status()).isEqualTo("scheduled");
      await().until(() -> bench.restarts.get() == 1);
      bench.awaitState(InstanceState.READY);
    }
  }

  private static List<PeerResult.CronCard> jobs(LinkBench bench) {
    return ((PeerResult.CronPage) bench.ask(new PeerCommand.CronList(null))).items();
  }

  @Test
  default void aRunIsStoppedByItsConversationAndOtherMethodsOnlyWhereTheyAreAllowed() {
    RunOrder order = LinkBench.order("[[hang]] " + UUID.randomUUID());
    InstanceId id = order.instance();
    try (LinkBench bench = subject().link()) {
      bench.ensure(order);
      await().until(() -> bench.doings.contains(Doing.WORKING));
      await()
          .until(
              () ->
                  ((PeerResult.ChatAborted)
                          bench.ask(new PeerCommand.ChatAbort(id, order.sessionKey(), null)))
                      .aborted());
      assertThat(bench.awaitEnd(order)).isNotInstanceOf(RunState.Succeeded.class);
      PeerResult.InstanceCalled status =
          (PeerResult.InstanceCalled) bench.ask(new PeerCommand.InstanceCall(id, "status", null));
      assertThat(status.payload().text()).contains("runtimeVersion");
      assertThatThrownBy(() -> bench.ask(new PeerCommand.InstanceCall(id, "config.get", null)))
          .hasMessageContaining("registry.callMethods");
    }
  }
}
