package dev.flotilla.command;

import dev.flotilla.command.task.TaskRow;
import dev.flotilla.contract.CommandKind;
import dev.flotilla.contract.Kept;
import dev.flotilla.contract.Priority;
import dev.flotilla.contract.Result.TaskError;
import dev.flotilla.dispatch.RunState;
import dev.flotilla.fault.Fault;
import dev.flotilla.telemetry.MeterNames;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// What a command node counts, one method per fact. Tags come from enums only.
public final class CommandMeters {
  /// What became of an idempotency key.
  public enum KeyOutcome {
    NEW,
    REPLAYED,
    JOINED,
    MISMATCH,
    IN_PROGRESS
  }

  private final MeterRegistry registry;
  private final Map<Priority, AtomicLong> depths = new EnumMap<>(Priority.class);
  private final Map<Priority, AtomicReference<Double>> ages = new EnumMap<>(Priority.class);
  private final Labels reasons = new Labels(50);
  private final Labels tenants = new Labels(100);
  private final AtomicInteger running = new AtomicInteger();

  public CommandMeters(MeterRegistry registry) {
    this.registry = registry;
    for (Priority level : Priority.values()) {
      AtomicReference<Double> age = new AtomicReference<>(0.0);
      ages.put(level, age);
      Gauge.builder(MeterNames.QUEUE_AGE, age, AtomicReference::get)
          .tag("level", level.wireName())
          .baseUnit("seconds")
          .description("How long the oldest pending task waits, in the whole fleet.")
          .register(registry);
      AtomicLong depth = new AtomicLong();
      depths.put(level, depth);
      Gauge.builder(MeterNames.QUEUE_DEPTH, depth, AtomicLong::get)
          .tag("level", level.wireName())
          .description("Tasks that wait in Redis for an instance, in the whole fleet.")
          .register(registry);
    }
    Gauge.builder(MeterNames.TASKS_RUNNING, running, AtomicInteger::get)
        .description("Tasks whose lease this node holds.")
        .register(registry);
  }

  /// @param fault null where it succeeded
  public void commandFinished(CommandKind kind, @Nullable Fault fault, Duration elapsed) {
    Timer.builder(MeterNames.COMMAND_TIME)
        .tag("method", kind.method())
        .tag("outcome", fault == null ? "OK" : fault.code().name())
        .publishPercentileHistogram()
        .minimumExpectedValue(Duration.ofMillis(1))
        .maximumExpectedValue(Duration.ofSeconds(10))
        .register(registry)
        .record(elapsed);
  }

  public void key(KeyOutcome outcome) {
    count(MeterNames.IDEMPOTENCY, "outcome", outcome.name(), 1);
  }

  public void depth(Priority level, long tasks) {
    AtomicLong depth = depths.get(level);
    if (depth != null) {
      depth.set(tasks);
    }
  }

  /// @param oldest seconds by level; a level without pending tasks has none
  public void ages(Map<Priority, Double> oldest) {
    ages.forEach((level, age) -> age.set(oldest.getOrDefault(level, 0.0)));
  }

  public void running(int tasks) {
    running.set(tasks);
  }

  /// @param waited since it could have run
  public void attemptStarted(TaskRow task, Duration waited) {
    registry.counter(MeterNames.TASK_ATTEMPTS, "level", task.priority().wireName()).increment();
    histogram(MeterNames.TASK_WAIT, task).record(waited.isNegative() ? Duration.ZERO : waited);
  }

  public void attemptEnded(TaskRow task, RunState state) {
    Instant started = task.startedAt();
    if (started != null && !(state instanceof RunState.Refused)) {
      Duration ran = Duration.between(started, Instant.now());
      histogram(MeterNames.TASK_RUN, task).record(ran.isNegative() ? Duration.ZERO : ran);
    }
  }

  private Timer histogram(String name, TaskRow task) {
    return Timer.builder(name)
        .tag("level", task.priority().wireName())
        .publishPercentileHistogram()
        .minimumExpectedValue(Duration.ofMillis(1))
        .maximumExpectedValue(Duration.ofHours(1))
        .register(registry);
  }

  public void taskFinished(TaskRow task) {
    TaskError error = task.error();
    registry
        .counter(
            MeterNames.TASKS_FINISHED,
            "state",
            task.state().wireName(),
            "level",
            task.priority().wireName(),
            "reason",
            error == null ? "" : reasons.of(error.reason()),
            "tenant",
            tenants.of(task.tenant().value()))
        .increment();
  }

  public void leasesLost(int leases) {
    registry.counter(MeterNames.LEASES_LOST).increment(leases);
  }

  public void removed(Kept kind, long rows) {
    registry
        .counter(MeterNames.RETENTION_REMOVED, "kind", kind.wireName())
        .increment((double) rows);
  }

  public void conversationMoved() {
    registry.counter(MeterNames.CONVERSATIONS_MOVED).increment();
  }

  public void fenced() {
    registry.counter(MeterNames.FENCED).increment();
  }

  public void repaired(int tasks) {
    registry.counter(MeterNames.QUEUE_REPAIRS).increment(tasks);
  }

  private void count(String name, String tag, String value, int amount) {
    registry.counter(name, tag, value.toLowerCase(Locale.ROOT)).increment(amount);
  }
}
