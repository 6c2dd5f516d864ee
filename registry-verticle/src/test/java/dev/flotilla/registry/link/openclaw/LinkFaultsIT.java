package dev.flotilla.registry.link.openclaw;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.flotilla.contract.InstanceState;
import dev.flotilla.contract.LinkStatus;
import dev.flotilla.dispatch.RunOrder;
import dev.flotilla.dispatch.RunState;
import dev.flotilla.registry.drill.FakeInstance;
import dev.flotilla.registry.link.ConnectOutcome;
import dev.flotilla.registry.testkit.FlakyProxy;
import java.net.URI;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What happens to a link when its instance, or what is between them, does what it should not.
class LinkFaultsIT {
  private final FakeInstance instance = FakeInstance.start("a-token");
  private final Links links = new Links(instance);

  @AfterEach
  void close() {
    links.close();
    instance.close();
  }

  @Test
  void garbageFromTheInstanceHarmsNobody() {
    LinkBench bench = links.ready();
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

  @ParameterizedTest
  @CsvSource({
    "1012,service restart",
    "1013,gateway restart in progress",
    "1008,slow consumer",
    "4001,x"
  })
  void afterEveryCloseTheLinkComesBack(int code, String reason) {
    LinkBench bench = links.ready();
    instance.closeAll(code, reason);
    await().until(() -> bench.states.contains(InstanceState.DOWN));
    bench.awaitState(InstanceState.READY);
    assertThat(instance.connections()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({"1012,RESTARTING", "1013,RESTARTING", "4001,REFUSED", "1008,UNREACHABLE"})
  void aCloseIsTakenForWhatItMeans(int code, LinkStatus meaning) {
    LinkBench bench = links.ready();
    instance.starting(true);
    instance.closeAll(code, "because");
    await().until(() -> bench.links.contains(meaning));
    instance.starting(false);
    bench.awaitState(InstanceState.READY);
  }

  @Test
  void aRestartIsKnownByTheBootIdAndALostConnectionIsNone() {
    LinkBench bench = links.ready();
    instance.closeAll(1008, "slow consumer");
    await().until(() -> bench.connections() == 2);
    assertThat(bench.restarts).hasValue(0);
    instance.kill();
    instance.boot();
    await().until(() -> bench.connections() == 3);
    assertThat(bench.restarts).hasValue(1);
  }

  @Test
  void anInstanceOfAnotherProtocolIsIncompatible() {
    instance.protocol(5);
    LinkBench bench = links.to(instance.port());
    bench.awaitState(InstanceState.DOWN);
    assertThat(bench.observation().link().status()).isEqualTo(LinkStatus.INCOMPATIBLE);
  }

  @Test
  void anInstanceThatLacksAMethodIsIncompatible() {
    instance.offer(List.of("agent", "chat.history"));
    LinkBench bench = links.to(instance.port());
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
    LinkBench bench = links.ready();
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
  void aSilentInstanceIsDialledAgain() {
    instance.promiseTicks(150);
    try (FlakyProxy proxy = FlakyProxy.before(instance.port())) {
      LinkBench bench = links.to(proxy.port());
      bench.awaitState(InstanceState.READY);
      proxy.freeze();
      await().until(() -> bench.states.contains(InstanceState.DOWN));
      proxy.restore();
      proxy.cut();
      instance.promiseTicks(30_000);
      await().until(() -> bench.connections() >= 2);
    }
  }

  @Test
  void aMissingScopeIsToldInWords() {
    instance.grant(List.of("operator.read"));
    LinkBench bench = links.to(instance.port());
    bench.awaitState(InstanceState.DOWN);
    assertThat(bench.observation().reason()).contains("operator.write");
    assertThat(bench.connects).containsExactly(ConnectOutcome.REFUSED);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"http://127.0.0.1:1", "ws://127.0.0.1:1", "ws://no.such.host.invalid", "x:y"})
  void anAddressWhereNobodyIsIsToldInWords(String url) {
    LinkBench bench = links.to(URI.create(url));
    bench.awaitState(InstanceState.DOWN);
    assertThat(bench.observation().reason()).isNotBlank();
    assertThat(bench.connects).doesNotContain(ConnectOutcome.CONNECTED);
  }

  @Test
  void anInstanceThatIsStillStartingIsNotDown() {
    instance.starting(true);
    LinkBench bench = links.to(instance.port());
    await().until(() -> bench.connects.contains(ConnectOutcome.NOT_YET));
    assertThat(bench.observation().state()).isEqualTo(InstanceState.STARTING);
    assertThat(bench.observation().reason()).contains("starting");
    instance.starting(false);
    bench.awaitState(InstanceState.READY);
  }

  @Test
  void aSuspendedInstanceIsDegradedUntilItResumes() {
    LinkBench bench = links.ready();
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
