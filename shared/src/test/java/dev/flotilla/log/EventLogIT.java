package dev.flotilla.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.flotilla.bus.Bus;
import dev.flotilla.contract.Fact;
import dev.flotilla.identity.TaskId;
import dev.flotilla.identity.TenantId;
import dev.flotilla.log.EventLog.Draft;
import dev.flotilla.store.Stores;
import dev.flotilla.testkit.TestStores;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EventLogIT {
  private final Vertx vertx = Vertx.vertx();
  private final Stores stores = Stores.open(vertx, TestStores.fresh());
  private final EventLog log =
      new EventLog(stores.postgres(), new Bus(vertx, Clock.systemUTC()), Clock.systemUTC());
  private final TenantId acme = new TenantId("acme");

  @AfterEach
  void close() {
    stores.close().await();
    vertx.close().await();
  }

  @Test
  void concurrentWritersLeaveNoHoleAndNoDouble() {
    List<Future<?>> writers = new ArrayList<>();
    for (int writer = 0; writer < 10; writer++) {
      writers.add(write(20));
    }
    Future.all(writers).await();
    assertThat(log.read(acme, 0, Long.MAX_VALUE, 1000).await().stream().map(Event::seq))
        .containsExactlyElementsOf(LongStream.rangeClosed(1, 400).boxed().toList());
    assertThat(log.head(acme).await().seq()).isEqualTo(400);
  }

  @Test
  void aRolledBackTransactionLeavesNoHole() {
    log.record(acme, List.of(draft(1))).await();
    assertThatThrownBy(
            () ->
                stores
                    .postgres()
                    .withTransaction(
                        tx ->
                            log.append(tx, acme, List.of(draft(2)))
                                .compose(_ -> Future.failedFuture("changed my mind")))
                    .await())
        .hasMessage("changed my mind");
    log.record(acme, List.of(draft(3))).await();
    assertThat(log.read(acme, 0, Long.MAX_VALUE, 10).await().stream().map(Event::seq))
        .containsExactly(1L, 2L);
  }

  private Future<?> write(int times) {
    return times == 0
        ? Future.succeededFuture()
        : log.record(acme, List.of(draft(times), draft(-times))).compose(_ -> write(times - 1));
  }

  @Test
  void whatIsReadIsWhatWasAppended() {
    EventBatch appended =
        log.record(acme, List.of(draft(1), new Draft(draft(2).fact(), null, "trace-1"))).await();
    assertThat(log.read(acme, 0, Long.MAX_VALUE, 10).await())
        .usingRecursiveComparison()
        .ignoringFields("payload")
        .isEqualTo(appended.events());
    assertThat(log.read(acme, 0, Long.MAX_VALUE, 10).await().stream().map(Event::fact))
        .containsExactlyElementsOf(appended.events().stream().map(Event::fact).toList());
  }

  private static Draft draft(int index) {
    return new Draft(new Fact.TaskOutput(new TaskId("t-1"), 1, index, "text"), "alice", null);
  }
}
