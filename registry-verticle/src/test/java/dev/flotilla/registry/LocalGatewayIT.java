package dev.flotilla.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.flotilla.contract.InstanceState;
import dev.flotilla.contract.LinkStatus;
import dev.flotilla.dispatch.InstanceReport;
import dev.flotilla.registry.drill.FakeInstance;
import dev.flotilla.registry.testkit.FakeGateway;
import dev.flotilla.testkit.Ports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The gateway of a node's host, as a process that the node starts.
class LocalGatewayIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String ID = "local-1";

  private final int port = Ports.free();
  @TempDir private Path directory;

  private Path pids() {
    return directory.resolve("pids");
  }

  private RegistryNode node(List<String> command) {
    return node(command, "200ms");
  }

  /// @param window how long a gateway has to be heard of before it is started
  private RegistryNode node(List<String> command, String window) {
    Map<String, String> settings = new HashMap<>();
    settings.put("AUTOSTART", "true");
    settings.put("INSTANCE", ID);
    settings.put("PORT", Integer.toString(port));
    settings.put("COMMAND", FakeGateway.setting(command));
    settings.put("TENANT", "acme");
    settings.put("TOKEN", "a-token");
    settings.put("PROBE_INTERVAL", "50ms");
    settings.put("PROBE_WINDOW", window);
    settings.put("RETRY_MIN", "20ms");
    settings.put("RETRY_MAX", "100ms");
    settings.put("LOG_FILE", directory.resolve("out.log").toString());
    Map<String, String> variables = new HashMap<>();
    settings.forEach((name, value) -> variables.put("FLOTILLA_REGISTRY_LOCAL_" + name, value));
    return new RegistryNode(variables);
  }

  private ProcessHandle gateway(int start) {
    await().atMost(PATIENCE).until(() -> FakeGateway.pids(pids()).size() >= start);
    try {
      return ProcessHandle.of(FakeGateway.pids(pids()).get(start - 1)).orElseThrow();
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  private static void awaitState(RegistryNode node, InstanceState state) {
    await()
        .atMost(PATIENCE)
        .until(() -> node.report(ID).filter(report -> report.state() == state).isPresent());
  }

  @AfterEach
  void leaveNothing() throws IOException {
    FakeGateway.pids(pids())
        .forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
  }

  @Test
  void aMissingGatewayIsStartedRegisteredStartedAgainAndStoppedAtTheEnd() {
    ProcessHandle second;
    try (RegistryNode node = node(FakeGateway.command(pids()))) {
      ProcessHandle first = gateway(1);
      awaitState(node, InstanceState.READY);
      first.destroyForcibly();
      second = gateway(2);
      awaitState(node, InstanceState.READY);
    }
    await().atMost(PATIENCE).until(() -> !second.isAlive());
  }

  @Test
  void aGatewayThatRunsAlreadyIsUsedAndNeitherStartedNorStopped() throws IOException {
    try (FakeInstance _ = FakeInstance.start("a-token", port)) {
      try (RegistryNode node = node(FakeGateway.command(pids()), "20s")) {
        awaitState(node, InstanceState.READY);
      }
      assertThat(FakeGateway.pids(pids())).isEmpty();
    }
  }

  @Test
  void ofTwoNodesOfAHostOneStartsItAndTheOtherTakesOver() throws IOException {
    try (RegistryNode second = standBy()) {
      awaitState(second, InstanceState.READY);
      gateway(2);
      assertThat(FakeGateway.pids(pids())).hasSize(2);
    }
  }

  /// A node that has seen the gateway of another one, which is gone.
  private RegistryNode standBy() throws IOException {
    try (RegistryNode first = node(FakeGateway.command(pids()))) {
      RegistryNode second = new RegistryNode(first.config);
      gateway(1);
      awaitState(first, InstanceState.READY);
      awaitState(second, InstanceState.READY);
      assertThat(FakeGateway.pids(pids())).hasSize(1);
      return second;
    }
  }

  @Test
  void aGatewayThatEndsAgainAndAgainIsACrashLoopWithTheReason() {
    try (RegistryNode node = node(List.of("/bin/sh", "-c", "echo no model is set; exit 78"))) {
      InstanceReport report =
          await()
              .atMost(PATIENCE)
              .until(
                  () ->
                      node.report(ID)
                          .filter(
                              each ->
                                  each.link() != null
                                      && each.link().status() == LinkStatus.CRASH_LOOP)
                          .orElse(null),
                  Objects::nonNull);
      assertThat(report.state()).isEqualTo(InstanceState.DOWN);
      await()
          .atMost(PATIENCE)
          .until(
              () ->
                  node.report(ID)
                      .filter(each -> each.reason().contains("exit code 78 (no model is set)"))
                      .isPresent());
    }
  }

  @Test
  void aProgramThatDoesNotExistIsTold() {
    try (RegistryNode node = node(List.of("/does/not/exist"))) {
      await()
          .atMost(PATIENCE)
          .until(
              () ->
                  node.report(ID)
                      .filter(each -> each.reason().contains("it cannot be started"))
                      .isPresent());
    }
  }
}
