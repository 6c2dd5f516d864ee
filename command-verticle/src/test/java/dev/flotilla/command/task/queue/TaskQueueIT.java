package dev.flotilla.command.task.queue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flotilla.command.Tasks;
import dev.flotilla.config.FleetConfig;
import dev.flotilla.identity.NodeId;
import dev.flotilla.store.Stores;
import dev.flotilla.testkit.TestStores;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TaskQueueIT {
  private static final NodeId NODE = new NodeId("n1");
  private static final Duration LEASE = Duration.ofMinutes(1);

  private final FleetConfig config = TestStores.fresh(Map.of());
  private final Vertx vertx = Vertx.vertx();
  private final Stores stores = Stores.open(vertx, config);
  private final TaskQueue queue = new TaskQueue(stores.redis());

  @BeforeEach
  void flush() {
    stores.redis().send(Request.cmd(Command.FLUSHDB)).await();
  }

  @AfterEach
  void close() {
    stores.close().await();
    vertx.close().await();
  }

  @Test
  void aQueueThatIsLostWhileItIsBuiltIsNotComplete() {
    String token = queue.building();
    queue.add(Tasks.row("first", "acme", null));
    flush();
    queue.add(Tasks.row("second", "acme", null));
    assertThat(queue.built(token)).isEmpty();
    assertThat(queue.take(NODE, LEASE, 10)).isEmpty();
  }

  @Test
  void aQueueThatWasBuiltToTheEndIsTakenFrom() {
    String token = queue.building();
    var task = Tasks.row("first", "acme", null);
    queue.add(task);
    assertThat(queue.built(token)).hasValue(0);
    assertThat(queue.take(NODE, LEASE, 10)).contains(List.of(task.id()));
  }

  @Test
  void aTaskThatWasQueuedAgainSurvivesTheFarewellOfItsLastHolder() {
    var task = Tasks.row("again", "acme", null);
    queue.add(task);
    queue.built(queue.building());
    assertThat(queue.take(NODE, LEASE, 1)).contains(List.of(task.id()));
    queue.force(task);
    assertThat(queue.finish(task.id(), NODE)).isZero();
    NodeId other = new NodeId("n2");
    assertThat(queue.take(other, LEASE, 1)).contains(List.of(task.id()));
    assertThat(queue.finish(task.id(), NODE)).isZero();
    assertThat(queue.finish(task.id(), other)).isOne();
  }
}
