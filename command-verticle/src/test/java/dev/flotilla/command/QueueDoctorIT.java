package dev.flotilla.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flotilla.command.task.queue.QueueDoctor;
import dev.flotilla.command.task.queue.TaskQueue;
import dev.flotilla.contract.Result.TaskView;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class QueueDoctorIT {
  private final CommandFleet fleet = CommandFleet.of();

  @AfterEach
  void close() {
    fleet.close();
  }

  @Test
  void aSoundQueueIsCalledSound() {
    waitingTasks();
    fleet.stop("n1");
    QueueDoctor.Findings findings = doctor().look();
    assertThat(findings.findings()).isEmpty();
    assertThat(findings.tasks()).isEqualTo(2);
    assertThat(findings.totals()).containsEntry("waiting", 2L);
  }

  @Test
  void whatRedisHasLostOrMadeUpIsFoundAndRepaired() {
    TaskView task = waitingTasks();
    fleet.stop("n1");
    redis("DEL", TaskQueue.PREFIX + ":task:" + task.id(), TaskQueue.PREFIX + ":index");
    redis("ZADD", TaskQueue.PREFIX + ":slots:gone", "1", "ghost");
    redis("SADD", TaskQueue.PREFIX + ":slotted", "gone");
    assertThat(doctor().look().findings())
        .contains(task.id() + " is pending and not in the queue")
        .anyMatch(finding -> finding.contains("slots"));
    QueueDoctor.Findings after = doctor().repair();
    assertThat(after.findings()).isEmpty();
    fleet.registry.route = _ -> ScriptedRegistry.slots(10);
    // Its Redis is not flushed: it goes on with what was repaired.
    fleet.join("n2");
    fleet.awaitStarted("one", "two");
  }

  private TaskView waitingTasks() {
    fleet.registry.route = _ -> ScriptedRegistry.nowhere("NO_INSTANCE: none");
    fleet.start("n1");
    TaskView task = fleet.create("one");
    fleet.create("two");
    return task;
  }

  private QueueDoctor doctor() {
    return new QueueDoctor(fleet.vertx, fleet.stores);
  }

  private void redis(String command, String... arguments) {
    Request request = Request.cmd(Command.create(command));
    for (String argument : arguments) {
      request.arg(argument);
    }
    fleet.stores.redis().send(request).await();
  }
}
