package dev.flotilla.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.flotilla.bus.Addresses;
import dev.flotilla.contract.InstanceState;
import dev.flotilla.contract.LinkStatus;
import dev.flotilla.contract.LinkView;
import dev.flotilla.dispatch.InstanceReport;
import dev.flotilla.dispatch.RouteAnswer;
import dev.flotilla.dispatch.RouteAsk;
import dev.flotilla.dispatch.RunOrder;
import dev.flotilla.dispatch.RunState;
import dev.flotilla.identity.InstanceId;
import dev.flotilla.identity.TaskId;
import dev.flotilla.registry.drill.FakeInstance;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// A process that is stopped, or whose loop hangs: its host still takes connections for it.
class HangIT {
  private static final Duration LONG = Duration.ofSeconds(60);

  private final FakeInstance instance = FakeInstance.start("a-token");
  private final RegistryNode node =
      new RegistryNode(
          Map.of(
              "FLOTILLA_REGISTRY_HEALTH_HANG_AFTER", "3s",
              "FLOTILLA_REGISTRY_LOAD_INTERVAL", "500ms",
              "FLOTILLA_REGISTRY_REQUEST_TIMEOUT", "4s"));

  @AfterEach
  void close() {
    instance.process().resume();
    node.close();
    instance.close();
  }

  private InstanceReport awaitReason(InstanceState state, String part) {
    return awaitReason("i-1", state, part);
  }

  private InstanceReport awaitReason(String id, InstanceState state, String part) {
    return await()
        .atMost(LONG)
        .until(
            () ->
                node.report(id)
                    .filter(report -> report.state() == state && report.reason().contains(part)),
            Optional::isPresent)
        .orElseThrow();
  }

  private RunState ask(boolean again) {
    RunOrder order =
        new RunOrder(
            new TaskId("t-1"),
            RegistryNode.ACME,
            new InstanceId("i-1"),
            1,
            "run-1",
            null,
            "task-t-1",
            "[[slow:20:50]]",
            again,
            60_000,
            RegistryNode.NODE,
            null);
    return node.bus.ask(Addresses.run(RegistryNode.NODE), order, RegistryNode.PATIENCE).await();
  }

  private RouteAnswer route() {
    RouteAsk ask = new RouteAsk(RegistryNode.ACME, null, List.of(), null);
    return node.bus.ask(Addresses.ROUTE, ask, RegistryNode.PATIENCE).await();
  }

  @Test
  void anInstanceThatHangsIsDownWithTheReasonAndItsRunsAreOfALostLink() {
    node.register("i-1", instance.url(), instance.token());
    awaitReason(InstanceState.READY, "connected");
    assertThat(ask(false)).isInstanceOf(RunState.Going.class);
    await().atMost(LONG).until(() -> instance.accepted("run-1"));
    instance.process().stop();
    InstanceReport down = awaitReason(InstanceState.DOWN, "no sign of life");
    assertThat(down.link()).isEqualTo(LinkView.of(LinkStatus.UNREACHABLE));
    assertThat(ask(true)).isInstanceOf(RunState.Unreachable.class);
    assertThat(route().candidates()).isEmpty();
    InstanceReport later = awaitReason(InstanceState.DOWN, "it takes connections, but has not");
    assertThat(later.since()).isEqualTo(down.since());
    instance.process().resume();
    awaitReason(InstanceState.READY, "");
    await().atMost(LONG).until(() -> ask(true) instanceof RunState.Succeeded);
    assertThat(instance.executions("[[slow:20:50]]")).isEqualTo(1);
  }

  @Test
  void anInstanceThatAnswersOnlyPingsHangsAndOneThatHangsFromTheStartIsNotStartingForEver() {
    try (FakeInstance mute = FakeInstance.start("b-token");
        FakeInstance stopped = FakeInstance.start("c-token")) {
      stopped.process().stop();
      node.register("stopped", stopped.url(), stopped.token());
      node.register("mute", mute.url(), mute.token());
      awaitReason("mute", InstanceState.READY, "connected");
      mute.process().mute(true);
      awaitReason("stopped", InstanceState.DOWN, "it hangs");
      awaitReason("mute", InstanceState.DOWN, "it has not answered the last");
      awaitReason("mute", InstanceState.DOWN, "does not say hello");
      mute.process().mute(false);
      stopped.process().resume();
      awaitReason("mute", InstanceState.READY, "connected");
      awaitReason("stopped", InstanceState.READY, "connected");
    }
  }
}
