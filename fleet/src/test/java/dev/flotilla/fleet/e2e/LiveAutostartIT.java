package dev.flotilla.fleet.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.flotilla.registry.testkit.FakeGateway;
import dev.flotilla.registry.testkit.LabGateway;
import dev.flotilla.registry.testkit.MockModel;
import dev.flotilla.registry.testkit.OpenClawLab;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A node that finds no OpenClaw gateway on its host, and starts a real one.
class LiveAutostartIT {
  private static final Duration LIMIT = Duration.ofMinutes(3);
  @TempDir private Path directory;

  @Test
  void aMissingGatewayIsStartedUsedAndStartedAgainWhenItDies() throws Exception {
    OpenClawLab lab = OpenClawLab.open();
    Vertx vertx = Vertx.vertx();
    try (MockModel model = MockModel.start();
        LabGateway gateway = lab.missingGateway("home", model);
        FleetProcess fleet =
            FleetProcess.up(FleetProcess.kept("autostart"), 1, "--config", config(gateway))) {
      Desk desk = new Desk(fleet, vertx, "live");
      ProcessHandle first = child(fleet, 0);
      run(desk, model);
      first.destroyForcibly();
      ProcessHandle second = child(fleet, first.pid());
      run(desk, model);
      fleet.stop();
      await().atMost(LIMIT).until(() -> !second.isAlive());
    } finally {
      vertx.close().await();
    }
  }

  private String config(LabGateway gateway) throws IOException {
    return Files.writeString(
            directory.resolve("flotilla.yaml"),
            """
            registry:
              local:
                autostart: true
                instance: home
                tenant: live
                token: %s
                port: %d
                probeWindow: 1s
                command: %s
            """
                .formatted(gateway.token(), gateway.port(), FakeGateway.setting(gateway.command())))
        .toString();
  }

  /// The gateway's process: the node has no other.
  private static ProcessHandle child(FleetProcess fleet, long before) {
    return await()
        .atMost(LIMIT)
        .until(
            () ->
                fleet
                    .node(1)
                    .children()
                    .filter(each -> each.isAlive() && each.pid() != before)
                    .findFirst()
                    .orElse(null),
            Objects::nonNull);
  }

  private static void run(Desk desk, MockModel model) {
    String prompt = "a word of " + UUID.randomUUID();
    String id = desk.create(1, prompt);
    await()
        .atMost(LIMIT)
        .ignoreExceptions()
        .until(() -> desk.task(1, id).getString("state").equals("succeeded"));
    assertThat(model.executions(prompt)).isEqualTo(1);
  }
}
