package dev.flotilla.command.task.queue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flotilla.store.Stores;
import dev.flotilla.testkit.TestStores;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.util.Map;
import org.junit.jupiter.api.Test;

class QueueDrillIT {
  @Test
  void everyTaskOfADrillIsFinishedOnceAndNothingOfItStays() throws Exception {
    Vertx vertx = Vertx.vertx();
    Stores stores = Stores.open(vertx, TestStores.fresh(Map.of()));
    stores.redis().send(Request.cmd(Command.FLUSHDB)).await();
    QueueDrill drill = new QueueDrill(stores.redis());
    drill.prepare(300);
    QueueDrill.Done done = drill.run(500, 3);
    assertThat(done.tasks()).isEqualTo(500);
    assertThat(done.perSecond()).isPositive();
    drill.end();
    assertThat(stores.redis().send(Request.cmd(Command.DBSIZE)).await().toInteger()).isZero();
    stores.close().await();
    vertx.close().await();
  }
}
