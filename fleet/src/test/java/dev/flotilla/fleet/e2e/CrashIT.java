package dev.flotilla.fleet.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.flotilla.config.ConfigLoader;
import dev.flotilla.config.FleetConfig;
import dev.flotilla.embedded.EmbeddedPostgres;
import dev.flotilla.embedded.EmbeddedRedis;
import dev.flotilla.registry.drill.FakeInstance;
import dev.flotilla.store.Stores;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// A steady stream of tasks, while a node is killed, Redis loses everything and is killed too, and
/// so is PostgreSQL.
class CrashIT {
  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final int TASKS = 60;

  private final Vertx vertx = Vertx.vertx();

  @AfterEach
  void close() {
    vertx.close().await();
  }

  @Test
  void everyAcknowledgedTaskHasOneOutcomeAndOneEffectWhateverDiesMeanwhile() throws Exception {
    try (FleetProcess fleet = FleetProcess.up(FleetProcess.kept("crash"), 3);
        FakeInstance instance = FakeInstance.start("a token of the instance")) {
      for (int node = 1; node <= 3; node++) {
        int each = node;
        await().atMost(LIMIT).until(() -> fleet.isReady(each));
      }
      Path file = fleet.data().resolve("run").resolve("node-1.yaml");
      FleetConfig config = ConfigLoader.load(file, Map.of());
      Stores stores = Stores.open(vertx, config);
      Desk desk = new Desk(fleet, vertx, "tenant-" + UUID.randomUUID());
      desk.register("home", instance.url(), instance.token());

      Map<String, String> prompts = new LinkedHashMap<>();
      for (int i = 0; i < TASKS; i++) {
        String prompt = "[[slow:4:50]] " + UUID.randomUUID();
        prompts.put(desk.create(1 + i % 2, prompt), prompt);
        if (i == TASKS / 4) {
          fleet.kill(3);
        }
        if (i % 20 == 10) {
          stores.redis().send(Request.cmd(Command.FLUSHALL)).await();
        }
        if (i == TASKS / 2) {
          kill(fleet.data().resolve("redis").resolve("redis.pid"));
          restartRedis(fleet.data(), config);
        }
        if (i == TASKS * 3 / 4) {
          kill(fleet.data().resolve("postgres").resolve("postmaster.pid"));
          EmbeddedPostgres.start(fleet.data().resolve("postgres"), config.postgres().port(), true);
        }
      }
      for (String id : prompts.keySet()) {
        desk.awaitTask(1, id, "succeeded");
      }
      for (String prompt : prompts.values()) {
        assertThat(instance.executions(prompt)).as(prompt).isEqualTo(1);
      }
      stores.close().await();
      FleetProcess.Outcome doctor =
          FleetProcess.run("doctor", "queue", "--config", file.toString());
      assertThat(doctor.code()).as(doctor.out() + doctor.err()).isZero();
      assertThat(doctor.out()).contains("The queue is sound.");
    }
  }

  /// Without a word, as when the machine has no memory left.
  private static void kill(Path pidFile) throws IOException {
    long pid = Long.parseLong(Files.readAllLines(pidFile).getFirst().strip());
    ProcessHandle server = ProcessHandle.of(pid).orElseThrow();
    server.destroyForcibly();
    server.onExit().orTimeout(1, TimeUnit.MINUTES).join();
  }

  private static void restartRedis(Path data, FleetConfig config)
      throws IOException, InterruptedException {
    URI url = URI.create(config.redis().url().reveal());
    String password = url.getUserInfo().substring(1);
    EmbeddedRedis.start(data.resolve("redis"), url.getPort(), password);
  }
}
