package dev.flotilla.registry.link.openclaw;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.flotilla.config.Secret;
import dev.flotilla.contract.InstanceLoad;
import dev.flotilla.contract.InstanceState;
import dev.flotilla.contract.PeerCommand;
import dev.flotilla.contract.PeerResult;
import dev.flotilla.credential.DeviceKeys;
import dev.flotilla.dispatch.RunOrder;
import dev.flotilla.dispatch.RunState;
import dev.flotilla.dispatch.RunText;
import dev.flotilla.identity.InstanceId;
import dev.flotilla.registry.link.Doing;
import dev.flotilla.registry.testkit.FlakyProxy;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// What the fleet relies on, of the scripted instance as of a real gateway.
interface InstanceContract {
  /// As the fleet does: what it asks of remote instances must not disturb local ones.
  Secret DEVICE = DeviceKeys.generate();

  Duration PATIENCE = Duration.ofSeconds(60);

  ContractSubject subject();

  private LinkBench link() {
    LinkBench bench = LinkBench.to(url(subject().port()), subject().token(), DEVICE);
    bench.awaitState(InstanceState.READY);
    return bench;
  }

  private static URI url(int port) {
    return URI.create("ws://127.0.0.1:" + port);
  }

  /// A prompt that nobody else has.
  private static String slow(int words, int gapMs) {
    return "[[slow:" + words + ":" + gapMs + "]] " + UUID.randomUUID();
  }

  private static String spoken(int words) {
    return String.join(" ", IntStream.range(0, words).mapToObj(i -> "w" + i).toList());
  }

  private static RunText said(int words) {
    return new RunText(1, spoken(words), spoken(words).length(), false);
  }

  private static void assertSucceeded(RunState end, int words) {
    assertThat(end)
        .asInstanceOf(InstanceOfAssertFactories.type(RunState.Succeeded.class))
        .extracting(succeeded -> succeeded.outcome().text())
        .isEqualTo(spoken(words));
  }

  @Test
  default void aRightTokenMakesTheInstanceReady() {
    try (LinkBench bench = link()) {
      assertThat(bench.observation().version()).isNotBlank();
      assertThat(bench.observation().running()).isZero();
    }
  }

  @Test
  default void aWrongTokenIsToldInWords() {
    try (LinkBench bench = LinkBench.to(url(subject().port()), "not-the-token")) {
      bench.awaitState(InstanceState.DOWN);
      assertThat(bench.observation().reason()).contains("token");
    }
  }

  @Test
  default void aRunStreamsItsTextAndSucceedsOnce() {
    RunOrder order = LinkBench.order(slow(8, 30));
    try (LinkBench bench = link()) {
      assertThat(bench.ensure(order)).isInstanceOf(RunState.Going.class);
      RunState end = bench.awaitEnd(order);
      assertSucceeded(end, 8);
      assertThat(((RunState.Succeeded) end).outcome().outputTokens()).isEqualTo(8);
      assertThat(bench.text(order)).isEqualTo(spoken(8));
      assertThat(bench.said(order)).isEqualTo(said(8));
      assertThat(bench.ends).hasSize(1);
    }
    assertThat(subject().executions(order.prompt())).isEqualTo(1);
  }

  @Test
  default void whatAnAgentDoesIsSeenAndItsTextSurvivesItsTool() {
    RunOrder order = LinkBench.order("[[tool:lookup]] " + UUID.randomUUID());
    try (LinkBench bench = link()) {
      bench.ensure(order);
      bench.awaitEnd(order);
      assertThat(bench.doings)
          .containsExactly(
              Doing.WORKING,
              Doing.STREAMING,
              Doing.using("lookup"),
              Doing.WORKING,
              Doing.STREAMING);
      assertThat(bench.text(order)).isEqualTo("looking it up\n\n" + spoken(10));
      assertThat(bench.said(order).text()).isEqualTo(bench.text(order));
    }
  }

  @Test
  default void aFailingRunFails() {
    RunOrder order = LinkBench.order("[[fail:400]] " + UUID.randomUUID());
    try (LinkBench bench = link()) {
      bench.ensure(order);
      assertThat(bench.awaitEnd(order)).isInstanceOf(RunState.Failed.class);
    }
  }

  @Test
  default void aCancelledRunIsAborted() {
    RunOrder order = LinkBench.order(slow(200, 50));
    try (LinkBench bench = link()) {
      bench.ensure(order);
      bench.awaitOutput(order);
      bench.cancel(order);
      assertThat(bench.awaitEnd(order)).isInstanceOf(RunState.Aborted.class);
    }
  }

  @Test
  default void aRunThatIsCancelledBeforeItsFirstSignOfLifeIsAborted() {
    RunOrder order = LinkBench.order("[[hang]] " + UUID.randomUUID());
    try (LinkBench bench = link()) {
      bench.ensure(order);
      bench.cancel(order);
      assertThat(bench.awaitEnd(order)).isInstanceOf(RunState.Aborted.class);
    }
    assertThat(subject().executions(order.prompt())).isLessThanOrEqualTo(1);
  }

  @Test
  default void aConversationIsStoppedBeforeTheFirstSignOfLifeOfItsRun() {
    RunOrder order = LinkBench.order("[[hang]] " + UUID.randomUUID());
    InstanceId id = order.instance();
    try (LinkBench bench = link()) {
      bench.awaitState(InstanceState.READY);
      bench.ensure(order);
      PeerResult.ChatAborted said =
          (PeerResult.ChatAborted)
              bench.ask(new PeerCommand.ChatAbort(id, order.sessionKey(), null));
      assertThat(said.aborted()).isTrue();
      assertThat(bench.awaitEnd(order)).isInstanceOf(RunState.Aborted.class);
    }
  }

  @Test
  default void anAbortedRunIsStillAbortedForTheNextOwner() {
    RunOrder order = LinkBench.order(slow(200, 50));
    try (LinkBench bench = link()) {
      bench.ensure(order);
      bench.awaitOutput(order);
      bench.cancel(order);
      bench.awaitEnd(order);
    }
    try (LinkBench next = link()) {
      assertThat(next.awaitEnd(order)).isInstanceOf(RunState.Aborted.class);
    }
    assertThat(subject().executions(order.prompt())).isEqualTo(1);
  }

  @Test
  default void aRunThatMayExistButDoesNotIsStartedOnce() {
    RunOrder order = LinkBench.order(slow(3, 10));
    try (LinkBench bench = link()) {
      assertSucceeded(bench.awaitEnd(order), 3);
    }
    assertThat(subject().executions(order.prompt())).isEqualTo(1);
  }

  @Test
  default void aCutConnectionDoesNotStartARunAgain() {
    RunOrder order = LinkBench.order(slow(40, 50));
    try (FlakyProxy proxy = FlakyProxy.before(subject().port());
        LinkBench bench = LinkBench.to(url(proxy.port()), subject().token())) {
      bench.awaitState(InstanceState.READY);
      bench.ensure(order);
      bench.awaitOutput(order);
      proxy.cut();
      assertSucceeded(bench.awaitEnd(order), 40);
      assertThat(bench.text(order)).isEqualTo(spoken(40));
      assertThat(bench.ends).hasSize(1);
    }
    assertThat(subject().executions(order.prompt())).isEqualTo(1);
  }

  @Test
  default void theNextOwnerOfTheLinkTakesARunOver() {
    RunOrder order = LinkBench.order(slow(40, 120));
    try (LinkBench bench = link()) {
      bench.ensure(order);
      bench.awaitOutput(order);
    }
    try (LinkBench next = link()) {
      assertSucceeded(next.awaitEnd(order), 40);
      assertThat(next.pieces(order)).isNotEmpty();
    }
    assertThat(subject().executions(order.prompt())).isEqualTo(1);
  }

  @Test
  default void theNextOwnerOfTheLinkKnowsAllThatWasSaid() {
    RunOrder order = LinkBench.order("[[tool:lookup:800]] " + UUID.randomUUID());
    String before;
    try (LinkBench bench = link()) {
      bench.ensure(order);
      await().until(() -> bench.text(order).contains("w1"));
      before = bench.text(order);
    }
    try (LinkBench next = link()) {
      RunText unheardOf = next.said(order);
      assertThat(unheardOf.text()).startsWith(before);
      assertThat(unheardOf.partial()).isFalse();
      next.ensure(LinkBench.again(order));
      await().until(() -> !next.said(order).partial());
      assertThat(next.said(order).text()).startsWith(unheardOf.text());
      next.awaitEnd(order);
      assertThat(next.text(before, order)).isEqualTo("looking it up\n\n" + spoken(10));
      assertThat(next.doings).contains(Doing.STREAMING);
    }
  }

  @Test
  default void theNextOwnerOfTheLinkCanCancelARunItNeverHeardOf() {
    RunOrder order = LinkBench.order(slow(200, 50));
    try (LinkBench bench = link()) {
      bench.ensure(order);
      bench.awaitOutput(order);
    }
    try (LinkBench next = link()) {
      next.cancel(order);
      assertThat(next.awaitEnd(order)).isInstanceOf(RunState.Aborted.class);
    }
  }

  @Test
  default void aRunThatACrashInterruptsIsFinishedOnce() {
    RunOrder order = LinkBench.order(slow(30, 170));
    try (LinkBench bench = link()) {
      bench.ensure(order);
      bench.awaitOutput(order);
      subject().kill();
      bench.awaitState(InstanceState.DOWN);
      assertThat(bench.ensure(LinkBench.again(order))).isInstanceOf(RunState.Unreachable.class);
      subject().restart();
      assertSucceeded(bench.awaitEnd(order), 30);
      assertThat(bench.text(order)).isEqualTo(spoken(30));
      assertThat(bench.ends).hasSize(1);
    }
    assertThat(subject().executions(order.prompt())).isEqualTo(1);
    assertThat(subject().resumptions(order.prompt())).isEqualTo(1);
  }

  @Test
  default void aRunThatHadFinishedIsNotRunAgainAfterARestart() {
    RunOrder order = LinkBench.order(slow(5, 10));
    try (LinkBench bench = link()) {
      bench.ensure(order);
      assertSucceeded(bench.awaitEnd(order), 5);
    }
    subject().kill();
    subject().restart();
    try (LinkBench next = link()) {
      assertSucceeded(next.awaitEnd(order), 5);
    }
    assertThat(subject().executions(order.prompt())).isEqualTo(1);
    assertThat(subject().resumptions(order.prompt())).isZero();
  }

  private static void awaitLoad(LinkBench bench, Predicate<InstanceLoad> condition) {
    await()
        .atMost(PATIENCE)
        .until(
            () -> {
              InstanceLoad load = bench.observation().load();
              return load != null && condition.test(load);
            });
  }

  @Test
  default void theInstanceTellsHowBusyItIsAndWhatItHasUsed() {
    RunOrder order = LinkBench.order("[[hang]] " + UUID.randomUUID());
    try (LinkBench bench = link()) {
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
    try (LinkBench bench = link()) {
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
    try (LinkBench bench = link()) {
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
    try (LinkBench bench = link()) {
      bench.awaitState(InstanceState.READY);
      PeerResult.InstanceRestarting said =
          (PeerResult.InstanceRestarting)
              bench.ask(new PeerCommand.InstanceRestart(new InstanceId("i-1"), "for a test"));
      assertThat(said.status()).isEqualTo("scheduled");
      await().atMost(PATIENCE).until(() -> bench.restarts.get() == 1);
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
    try (LinkBench bench = link()) {
      bench.ensure(order);
      await().atMost(PATIENCE).until(() -> bench.doings.contains(Doing.WORKING));
      await()
          .atMost(PATIENCE)
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

  @Test
  default void aRunThatACrashCatchesAtItsVeryStartIsNotRunTwice() {
    RunOrder order = LinkBench.order(slow(5, 100));
    try (LinkBench bench = link()) {
      bench.ensure(order);
      subject().kill();
      subject().restart();
      RunState end = bench.awaitEnd(order);
      if (end instanceof RunState.Refused) {
        assertThat(subject().executions(order.prompt())).isZero();
        assertThat(subject().resumptions(order.prompt())).isZero();
      } else {
        assertSucceeded(end, 5);
        assertThat(subject().executions(order.prompt())).isLessThanOrEqualTo(1);
      }
      assertThat(bench.ends).hasSize(1);
    }
  }
}
