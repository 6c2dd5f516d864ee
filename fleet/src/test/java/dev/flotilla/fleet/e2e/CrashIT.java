package dev.flotilla.fleet.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.flotilla.config.ConfigLoader;
import dev.flotilla.registry.testkit.FakeInstance;
import dev.flotilla.store.Stores;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// A steady stream of tasks, while a node is killed, Redis loses everything, and PostgreSQL drops
/// every connection.
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
      Path config = fleet.data().resolve("run").resolve("node-1.yaml");
      Stores stores = Stores.open(vertx, ConfigLoader.load(config, Map.of()));
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
      }
      dropConnections(stores);
      for (String id : prompts.keySet()) {
        desk.awaitTask(1, id, "succeeded");
      }
      for (String prompt : prompts.values()) {
        assertThat(instance.executions(prompt)).as(prompt).isEqualTo(1);
      }
      stores.close().await();
      FleetProcess.Outcome doctor =
          FleetProcess.run("doctor", "queue", "--config", config.toString());
      assertThat(doctor.code()).as(doctor.out() + doctor.err()).isZero();
      assertThat(doctor.out()).contains("The queue is sound.");
    }
  }

  /// As a restart looks from outside.
  private static void dropConnections(Stores stores) {
    stores
        .postgres()
        .query(
            """
            select pg_terminate_backend(pid) from pg_stat_activity
            where usename = current_user and pid <> pg_backend_pid()
            """)
        .execute()
        .await();
  }
}
