package dev.flotilla.fleet.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.flotilla.fleet.client.ControlClient;
import dev.flotilla.registry.testkit.LabGateway;
import dev.flotilla.registry.testkit.MockModel;
import dev.flotilla.registry.testkit.OpenClawLab;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// Three nodes and two real OpenClaw gateways from npm, with a scripted model behind them.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LiveFleetIT {
  private static final Duration LIMIT = Duration.ofMinutes(2);

  private final Vertx vertx = Vertx.vertx();
  private final OpenClawLab lab = OpenClawLab.open();
  private final MockModel model = MockModel.start();
  private final LabGateway red = lab.gateway("red", model);
  private final LabGateway blue = lab.gateway("blue", model);
  private FleetProcess fleet;
  private Desk desk;

  @BeforeAll
  void start() throws Exception {
    fleet = FleetProcess.up(FleetProcess.kept("live"), 3);
    desk = new Desk(fleet, vertx, "live");
    desk.register("red", red.url(), red.token());
    desk.register("blue", blue.url(), blue.token());
  }

  @AfterAll
  void stop() throws Exception {
    fleet.stop();
    fleet.close();
    red.close();
    blue.close();
    model.close();
    vertx.close().await();
  }

  @Test
  void aTaskGoesFromASocketThroughARealAgentAndBack() {
    EventTape tape = new EventTape();
    ControlClient client = desk.connect(1, tape);
    client.subscribe(List.of("tasks")).await();
    JsonObject params = new JsonObject().put("prompt", "[[slow:20:100]] " + UUID.randomUUID());
    String id = client.request("task.create", params, Desk.key()).await().getString("id");
    await().atMost(LIMIT).until(() -> tape.changes(id).contains("succeeded"));
    assertThat(tape.changes(id).stream().distinct())
        .containsExactly("queued", "running", "output", "succeeded");
    assertThat(desk.awaitTask(3, id, "succeeded").getJsonObject("result").getString("text"))
        .contains("w0", "w19");
    client.close().await();
  }

  @Test
  void runsGoOnThroughTheDeathOfANodeAndAreMadeOnce() throws Exception {
    List<String> ids = new ArrayList<>();
    List<String> prompts = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      String prompt = "[[slow:60:200]] " + UUID.randomUUID();
      prompts.add(prompt);
      ids.add(desk.create(1 + i % 3, prompt));
    }
    await()
        .atMost(LIMIT)
        .until(() -> prompts.stream().allMatch(prompt -> model.executions(prompt) == 1));
    fleet.kill(2);
    for (String id : ids) {
      await()
          .atMost(LIMIT)
          .ignoreExceptions()
          .until(() -> desk.task(1, id).getString("state").equals("succeeded"));
      assertThat(desk.task(1, id).getJsonObject("result").getString("text")).contains("w59");
    }
    for (String prompt : prompts) {
      assertThat(model.executions(prompt)).as(prompt).isEqualTo(1);
    }
  }
}
