package dev.flotilla.command.instance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flotilla.bus.Bus;
import dev.flotilla.contract.InstanceLoad;
import dev.flotilla.contract.InstanceState;
import dev.flotilla.contract.InstanceWish;
import dev.flotilla.dispatch.InstanceReport;
import dev.flotilla.identity.InstanceId;
import dev.flotilla.identity.NodeId;
import dev.flotilla.identity.TenantId;
import io.vertx.core.Vertx;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class InstanceViewsTest {
  private static final Instant NOW = Instant.ofEpochSecond(1_000_000);
  private static final InstanceId ID = new InstanceId("i-1");
  private static final TenantId OWNER = new TenantId("ops");
  private static final InstanceLoad LOAD =
      new InstanceLoad(
          2, 1, 2, 3.5, NOW, new InstanceLoad.Usage(40, 1_000L, 200L, 1.5, NOW.minusSeconds(60)));
  private static final InstanceRow ROW =
      new InstanceRow(
          ID,
          OWNER,
          true,
          URI.create("ws://127.0.0.1:1"),
          null,
          null,
          List.of(),
          4,
          1,
          NOW,
          List.of(),
          100,
          InstanceWish.SERVE,
          null,
          null,
          null);

  private final Vertx vertx = Vertx.vertx();
  private final InstanceViews views =
      new InstanceViews(
          new Bus(vertx, Clock.systemUTC()),
          Clock.fixed(NOW, ZoneOffset.UTC),
          Duration.ofSeconds(5));

  @AfterEach
  void close() {
    vertx.close().await();
  }

  private InstanceLoad shown(TenantId asking) {
    InstanceReport report =
        new InstanceReport(
            ID,
            InstanceState.READY,
            "connected",
            NOW,
            new NodeId("n1"),
            null,
            2,
            List.of(),
            NOW,
            null,
            null,
            LOAD);
    return Objects.requireNonNull(
        views.merge(List.of(ROW), Map.of(ID, report), asking).getFirst().load());
  }

  @Test
  void theOwnerOfASharedInstanceSeesWhatItHasUsed() {
    assertThat(shown(OWNER)).isEqualTo(LOAD);
  }

  @Test
  void whoSharesAnInstanceSeesHowBusyItIsAndNotWhatOthersHaveUsed() {
    InstanceLoad load = shown(new TenantId("guest"));
    assertThat(load.runs()).isEqualTo(2);
    assertThat(load.answerMs()).isEqualTo(3.5);
    assertThat(load.usage()).isNull();
  }
}
