package dev.flotilla.registry.link.openclaw;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.flotilla.contract.InstanceState;
import dev.flotilla.contract.LinkStatus;
import dev.flotilla.contract.PeerCommand;
import dev.flotilla.contract.PeerResult;
import dev.flotilla.dispatch.RunOrder;
import dev.flotilla.dispatch.RunState;
import dev.flotilla.dispatch.RunText;
import dev.flotilla.registry.drill.FakeInstance;
import dev.flotilla.registry.link.ConnectOutcome;
import dev.flotilla.registry.testkit.FlakyProxy;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LinkFaultsIT {
  /// Longer than records may be unclear, shorter than a run may take.
  private static final Duration LONG = Duration.ofSeconds(20);

  private final FakeInstance instance = FakeInstance.start("a-token");
  private final List<AutoCloseable> open = new ArrayList<>();

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : open) {
      each.close();
    }
    instance.close();
  }

  private LinkBench link(int port) {
    LinkBench bench = LinkBench.to(URI.create("ws://127.0.0.1:" + port), "a-token");
    open.add(bench);
    return bench;
  }

  private LinkBench ready() {
    LinkBench bench = link(instance.port());
    bench.awaitState(InstanceState.READY);
    return bench;
  }

  @Test
  void garbageFromTheInstanceHarmsNobody() {
    LinkBench bench = ready();
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(7);
    for (String frame :
        List.of(
            "",
            "null",
            "[]",
            "{",
            "42",
            "{\"type\":\"res\"}",
            "{\"type\":\"res\",\"id\":7,\"ok\":\"maybe\"}",
            "{\"type\":\"event\"}",
            "{\"type\":\"event\",\"event\":\"agent\",\"payload\":[1,2]}",
            "{\"type\":\"event\",\"event\":\"agent\",\"payload\":{\"stream\":\"assistant\"}}",
            "{\"type\":\"event\",\"event\":\"chat\",\"payload\":\"x\"}",
            "{\"type\":\"event\",\"event\":\"never.heard.of\",\"payload\":{}}",
            "{\"type\":\"novel\"}")) {
      instance.send(frame);
    }
    for (int i = 0; i < 200; i++) {
      StringBuilder noise = new StringBuilder();
      random.ints(1 + random.nextInt(200), 32, 0x2fff).forEach(noise::appendCodePoint);
      instance.send(noise.toString());
    }
    RunOrder order = LinkBench.order("still there");
    bench.ensure(order);
    assertThat(bench.awaitEnd(order)).isInstanceOf(RunState.Succeeded.class);
    assertThat(bench.connects).containsExactly(ConnectOutcome.CONNECTED);
  }

  @Test
  void whatADatabaseRefusesNeverLeavesTheLink() {
    LinkBench bench = ready();
    RunOrder order = LinkBench.order("a\0b c");
    bench.ensure(order);
    assertThat(bench.awaitEnd(order))
        .isInstanceOfSatisfying(
            RunState.Succeeded.class,
            end -> assertThat(end.outcome().text()).isEqualTo("echo: ab c"));
    assertThat(bench.text(order)).isEqualTo("echo: ab c");
  }

  @ParameterizedTest
  @CsvSource({
    "1012,service restart",
    "1013,gateway restart in progress",
    "1008,slow consumer",
    "4001,x"
  })
  void afterEveryCloseTheLinkComesBack(int code, String reason) {
    LinkBench bench = ready();
    instance.closeAll(code, reason);
    await().until(() -> bench.states.contains(InstanceState.DOWN));
    bench.awaitState(InstanceState.READY);
    assertThat(instance.connections()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({"1012,RESTARTING", "1013,RESTARTING", "4001,REFUSED", "1008,UNREACHABLE"})
  void aCloseIsTakenForWhatItMeans(int code, LinkStatus meaning) {
    LinkBench bench = ready();
    instance.starting(true);
    instance.closeAll(code, "because");
    await().until(() -> bench.links.contains(meaning));
    instance.starting(false);
    bench.awaitState(InstanceState.READY);
  }

  @Test
  void aRestartIsKnownByTheBootIdAndALostConnectionIsNone() {
    LinkBench bench = ready();
    instance.closeAll(1008, "slow consumer");
    await().until(() -> connects(bench) == 2);
    assertThat(bench.restarts).hasValue(0);
    instance.kill();
    instance.boot();
    await().until(() -> connects(bench) == 3);
    assertThat(bench.restarts).hasValue(1);
  }

  @Test
  void anInstanceOfAnotherProtocolIsIncompatible() {
    instance.protocol(5);
    LinkBench bench = link(instance.port());
    bench.awaitState(InstanceState.DOWN);
    assertThat(bench.observation().link().status()).isEqualTo(LinkStatus.INCOMPATIBLE);
  }

  @Test
  void anInstanceThatLacksAMethodIsIncompatible() {
    instance.offer(List.of("agent", "chat.history"));
    LinkBench bench = link(instance.port());
    bench.awaitState(InstanceState.DOWN);
    assertThat(bench.observation().link().status()).isEqualTo(LinkStatus.INCOMPATIBLE);
    assertThat(bench.observation().reason()).contains("tasks.list");
  }

  @Test
  void whatAnInstanceDoesNotTellOfItsLoadIsUnknown() {
    instance.offer(
        List.of(
            "agent",
            "chat.abort",
            "chat.history",
            "sessions.messages.subscribe",
            "tasks.list",
            "diagnostics.lanes"));
    LinkBench bench = ready();
    await().until(() -> bench.observation().load() != null);
    assertThat(bench.observation().load())
        .satisfies(
            load -> {
              assertThat(load.runs()).isZero();
              assertThat(load.activeSessions()).isNull();
              assertThat(load.usage()).isNull();
            });
  }

  @Test
  void afterLostEventsTheRecordsAreReadForRunsThatAreFollowed() {
    LinkBench bench = ready();
    RunOrder order = LinkBench.order("[[hang]] quiet");
    bench.ensure(order);
    await().until(() -> instance.accepted(order.runId()));
    LinkBench next = ready();
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
    LinkBench bench = ready();
    RunOrder order = LinkBench.order("x".repeat(20_000));
    bench.ensure(order);
    assertThat(bench.awaitEnd(order))
        .isInstanceOfSatisfying(
            RunState.Failed.class, end -> assertThat(end.message()).contains("20000 bytes"));
    assertThat(connects(bench)).isEqualTo(1);
  }

  @Test
  void aSilentInstanceIsDialledAgain() {
    instance.promiseTicks(150);
    try (FlakyProxy proxy = FlakyProxy.before(instance.port())) {
      LinkBench bench = link(proxy.port());
      bench.awaitState(InstanceState.READY);
      proxy.freeze();
      await().until(() -> bench.states.contains(InstanceState.DOWN));
      proxy.restore();
      proxy.cut();
      instance.promiseTicks(30_000);
      await()
          .until(
              () -> bench.connects.stream().filter(ConnectOutcome.CONNECTED::equals).count() >= 2);
    }
  }

  @Test
  void aMissingScopeIsToldInWords() {
    instance.grant(List.of("operator.read"));
    LinkBench bench = link(instance.port());
    bench.awaitState(InstanceState.DOWN);
    assertThat(bench.observation().reason()).contains("operator.write");
    assertThat(bench.connects).containsExactly(ConnectOutcome.REFUSED);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"http://127.0.0.1:1", "ws://127.0.0.1:1", "ws://no.such.host.invalid", "x:y"})
  void anAddressWhereNobodyIsIsToldInWords(String url) {
    LinkBench bench = LinkBench.to(URI.create(url), "a-token");
    open.add(bench);
    bench.awaitState(InstanceState.DOWN);
    assertThat(bench.observation().reason()).isNotBlank();
    assertThat(bench.connects).doesNotContain(ConnectOutcome.CONNECTED);
  }

  @Test
  void anInstanceThatIsStillStartingIsNotDown() {
    instance.starting(true);
    LinkBench bench = link(instance.port());
    await().until(() -> bench.connects.contains(ConnectOutcome.NOT_YET));
    assertThat(bench.observation().state()).isEqualTo(InstanceState.STARTING);
    assertThat(bench.observation().reason()).contains("starting");
    instance.starting(false);
    bench.awaitState(InstanceState.READY);
  }

  @Test
  void aSuspendedInstanceIsDegradedUntilItResumes() {
    LinkBench bench = ready();
    instance.send(suspension("draining"));
    bench.awaitState(InstanceState.DEGRADED);
    instance.send(suspension("accepting"));
    bench.awaitState(InstanceState.READY);
  }

  private static String suspension(String phase) {
    return "{\"type\":\"event\",\"event\":\"gateway.suspension\",\"payload\":{\"phase\":\""
        + phase
        + "\"}}";
  }

  @Test
  void withoutALinkANewRunIsRefusedAndAnOldOneIsUnreachable() {
    instance.kill();
    LinkBench bench = link(instance.port());
    bench.awaitState(InstanceState.DOWN);
    RunOrder order = LinkBench.order("nobody home");
    assertThat(bench.ensure(order)).isInstanceOf(RunState.Refused.class);
    assertThat(bench.ensure(LinkBench.again(order))).isInstanceOf(RunState.Unreachable.class);
  }

  @Test
  void aRunThatHadNotBegunWhenTheInstanceDiedIsRefused() {
    LinkBench bench = ready();
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
    LinkBench bench = ready();
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
    LinkBench bench = ready();
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
    LinkBench bench = ready();
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
    LinkBench bench = ready();
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
    LinkBench one = ready();
    LinkBench other = ready();
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
      LinkBench bench = link(proxy.port());
      bench.awaitState(InstanceState.READY);
      RunOrder order = LinkBench.order("[[slow:100:20]] shaky");
      bench.ensure(order);
      for (int i = 1; i <= 5; i++) {
        int connected = i;
        await().until(() -> connects(bench) >= connected);
        proxy.cut();
      }
      assertThat(bench.awaitEnd(order)).isInstanceOf(RunState.Succeeded.class);
      assertThat(bench.ends).hasSize(1);
      assertThat(instance.executions(order.prompt())).isEqualTo(1);
    }
  }

  private static long connects(LinkBench bench) {
    return bench.connects.stream().filter(ConnectOutcome.CONNECTED::equals).count();
  }

  @Test
  void aNewAttemptOfTheSameRunTellsItsTextFromTheBeginning() {
    LinkBench bench = ready();
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
    LinkBench bench = ready();
    RunOrder order = LinkBench.order("[[slow:3:10]] ended before");
    assertThat(bench.said(order)).isEqualTo(RunText.unknown(1));
    bench.ensure(order);
    bench.awaitEnd(order);
    LinkBench next = ready();
    assertThat(next.said(order)).isEqualTo(RunText.unknown(1));
    instance.kill();
    await().until(() -> next.states.contains(InstanceState.DOWN));
    assertThat(next.said(order)).isEqualTo(RunText.unknown(1));
    assertThat(bench.said(order).text()).isEqualTo("w0 w1 w2");
  }

  @Test
  void closingFinishesAlsoWhenTheInstanceIsFrozen() {
    try (FlakyProxy proxy = FlakyProxy.before(instance.port())) {
      LinkBench bench = LinkBench.to(URI.create("ws://127.0.0.1:" + proxy.port()), "a-token");
      bench.awaitState(InstanceState.READY);
      proxy.freeze();
      bench.close();
      assertThat(instance.executions("anything")).isZero();
    }
  }
}
