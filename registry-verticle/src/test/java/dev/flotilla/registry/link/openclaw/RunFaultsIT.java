package dev.flotilla.registry.link.openclaw;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.flotilla.contract.InstanceState;
import dev.flotilla.contract.PeerCommand;
import dev.flotilla.contract.PeerResult;
import dev.flotilla.dispatch.RunOrder;
import dev.flotilla.dispatch.RunState;
import dev.flotilla.dispatch.RunText;
import dev.flotilla.registry.drill.FakeInstance;
import dev.flotilla.registry.testkit.FlakyProxy;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What becomes of runs when their instance, or what is between, does what it should not.
class RunFaultsIT {
  /// Longer than records may be unclear, shorter than a run may take.
  private static final Duration LONG = Duration.ofSeconds(20);

  private final FakeInstance instance = FakeInstance.start("a-token");
  private final Links links = new Links(instance);

  @AfterEach
  void close() {
    links.close();
    instance.close();
  }

  @Test
  void whatADatabaseRefusesNeverLeavesTheLink() {
    LinkBench bench = links.ready();
    RunOrder order = LinkBench.order("a\0b c");
    bench.ensure(order);
    assertThat(bench.awaitEnd(order))
        .isInstanceOfSatisfying(
            RunState.Succeeded.class,
            end -> assertThat(end.outcome().text()).isEqualTo("echo: ab c"));
    assertThat(bench.text(order)).isEqualTo("echo: ab c");
  }

  @Test
  void afterLostEventsTheRecordsAreReadForRunsThatAreFollowed() {
    LinkBench bench = links.ready();
    RunOrder order = LinkBench.order("[[hang]] quiet");
    bench.ensure(order);
    await().until(() -> instance.accepted(order.runId()));
    LinkBench next = links.ready();
    next.ensure(LinkBench.again(order));
    await().until(() -> instance.readings() >= 1);
    int before = instance.readings();
    await()
        .until(
            () -> {
              instance.lose(3);
              return instance.readings() >= before + 20;
            });
  }

  @Test
  void whatIsLargerThanTheInstanceTakesNeverGoesOut() {
    instance.limit(20_000);
    LinkBench bench = links.ready();
    RunOrder order = LinkBench.order("x".repeat(20_000));
    bench.ensure(order);
    assertThat(bench.awaitEnd(order))
        .isInstanceOfSatisfying(
            RunState.Failed.class, end -> assertThat(end.message()).contains("20000 bytes"));
    assertThat(bench.connections()).isEqualTo(1);
  }

  @Test
  void withoutALinkANewRunIsRefusedAndAnOldOneIsUnreachable() {
    instance.kill();
    LinkBench bench = links.to(instance.port());
    bench.awaitState(InstanceState.DOWN);
    RunOrder order = LinkBench.order("nobody home");
    assertThat(bench.ensure(order)).isInstanceOf(RunState.Refused.class);
    assertThat(bench.ensure(LinkBench.again(order))).isInstanceOf(RunState.Unreachable.class);
  }

  @Test
  void aRunThatHadNotBegunWhenTheInstanceDiedIsRefused() {
    LinkBench bench = links.ready();
    RunOrder order = LinkBench.order("[[prepare:60000]] later");
    bench.ensure(order);
    await().until(() -> instance.accepted(order.runId()));
    instance.kill();
    instance.boot();
    assertThat(bench.awaitEnd(order)).isInstanceOf(RunState.Refused.class);
    assertThat(instance.executions(order.prompt())).isZero();
  }

  @Test
  void aRunThatHasNotBegunIsStoppedByItsConversationToo() {
    LinkBench bench = links.ready();
    RunOrder order = LinkBench.order("[[prepare:600000]] not yet");
    bench.ensure(order);
    await().until(() -> instance.accepted(order.runId()));
    PeerResult.ChatAborted said =
        (PeerResult.ChatAborted)
            bench.ask(new PeerCommand.ChatAbort(order.instance(), order.sessionKey(), null));
    assertThat(said.aborted()).isTrue();
    assertThat(said.runIds()).containsExactly(order.runId());
    assertThat(bench.awaitEnd(order)).isInstanceOf(RunState.Aborted.class);
    assertThat(instance.executions(order.prompt())).isZero();
  }

  @Test
  void aRefusalOfARepeatedRequestDoesNotProveThatTheRunNeverBegan() {
    LinkBench bench = links.ready();
    instance.choke(true);
    RunOrder order = LinkBench.order("stuck at first");
    bench.ensure(order);
    await().until(() -> instance.stuck() == 1);
    instance.closeAll(1012, "service restart");
    int before = instance.readings();
    await().until(() -> instance.readings() >= before + 3);
    assertThat(bench.ends).isEmpty();
    instance.choke(false);
    assertThat(bench.awaitEnd(order)).isInstanceOf(RunState.Succeeded.class);
    assertThat(instance.executions(order.prompt())).isEqualTo(1);
  }

  @Test
  void aRunThatTheLedgerListsIsStoppedBeforeItCountsAsInterrupted() {
    LinkBench bench = links.ready();
    RunOrder order = LinkBench.order("listed");
    instance.list(order.sessionKey(), order.runId());
    bench.ensure(LinkBench.again(order));
    await().until(() -> instance.readings() >= 1);
    bench.skip(LONG);
    assertThat(bench.awaitEnd(order)).isInstanceOf(RunState.Failed.class);
    assertThat(instance.listed(order.sessionKey(), order.runId())).isEqualTo("cancelled");
  }

  @Test
  void afterEveryReconnectTheInstanceHasTheWholeTimeToResumeARun() {
    LinkBench bench = links.ready();
    RunOrder order = LinkBench.order("stranded");
    instance.strand(order.sessionKey(), order.runId());
    bench.ensure(LinkBench.again(order));
    await().until(() -> instance.readings() >= 1);
    instance.kill();
    await().until(() -> bench.states.contains(InstanceState.DOWN));
    bench.skip(LONG);
    int before = instance.readings();
    instance.boot();
    await().until(() -> instance.readings() >= before + 2);
    assertThat(bench.ends).isEmpty();
    bench.skip(LONG);
    assertThat(bench.awaitEnd(order))
        .isInstanceOfSatisfying(
            RunState.Failed.class,
            failed -> assertThat(failed.reason()).isEqualTo(Outcomes.INTERRUPTED));
  }

  @Test
  void aRunThatTwoOwnersStartAtOnceIsRunOnce() {
    LinkBench one = links.ready();
    LinkBench other = links.ready();
    RunOrder order = LinkBench.order("[[slow:20:20]] twice");
    one.ensure(order);
    other.ensure(LinkBench.again(order));
    assertThat(one.awaitEnd(order)).isInstanceOf(RunState.Succeeded.class);
    assertThat(other.awaitEnd(order)).isInstanceOf(RunState.Succeeded.class);
    assertThat(instance.executions(order.prompt())).isEqualTo(1);
  }

  @Test
  void aRunSurvivesManyCutsAndIsRunOnce() {
    try (FlakyProxy proxy = FlakyProxy.before(instance.port())) {
      LinkBench bench = links.to(proxy.port());
      bench.awaitState(InstanceState.READY);
      RunOrder order = LinkBench.order("[[slow:100:20]] shaky");
      bench.ensure(order);
      for (int i = 1; i <= 5; i++) {
        int connected = i;
        await().until(() -> bench.connections() >= connected);
        proxy.cut();
      }
      assertThat(bench.awaitEnd(order)).isInstanceOf(RunState.Succeeded.class);
      assertThat(bench.ends).hasSize(1);
      assertThat(instance.executions(order.prompt())).isEqualTo(1);
    }
  }

  @Test
  void aNewAttemptOfTheSameRunTellsItsTextFromTheBeginning() {
    LinkBench bench = links.ready();
    RunOrder first = LinkBench.order("[[slow:60:80]] attempts");
    bench.ensure(first);
    bench.awaitOutput(first);
    RunOrder second =
        new RunOrder(
            first.task(),
            first.tenant(),
            first.instance(),
            2,
            first.runId(),
            first.session(),
            first.sessionKey(),
            first.prompt(),
            true,
            first.timeoutMs(),
            first.holder(),
            null);
    bench.ensure(second);
    bench.awaitEnd(second);
    assertThat(bench.pieces(first).stream().filter(piece -> piece.attempt() == 2).findFirst())
        .hasValueSatisfying(piece -> assertThat(piece.index()).isZero());
    assertThat(bench.text(first)).startsWith("w0 w1").endsWith("w59");
  }

  @Test
  void whatARunHasSaidIsNotKnownWhereNothingTellsOfIt() {
    LinkBench bench = links.ready();
    RunOrder order = LinkBench.order("[[slow:3:10]] ended before");
    assertThat(bench.said(order)).isEqualTo(RunText.unknown(1));
    bench.ensure(order);
    bench.awaitEnd(order);
    LinkBench next = links.ready();
    assertThat(next.said(order)).isEqualTo(RunText.unknown(1));
    instance.kill();
    await().until(() -> next.states.contains(InstanceState.DOWN));
    assertThat(next.said(order)).isEqualTo(RunText.unknown(1));
    assertThat(bench.said(order).text()).isEqualTo("w0 w1 w2");
  }
}
