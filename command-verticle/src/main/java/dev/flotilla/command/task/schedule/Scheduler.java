package dev.flotilla.command.task.schedule;

import dev.flotilla.command.store.Effects;
import dev.flotilla.command.store.Sql;
import dev.flotilla.command.store.Transactions;
import dev.flotilla.command.task.Author;
import dev.flotilla.command.task.NewTasks;
import dev.flotilla.command.task.TaskRow;
import dev.flotilla.fault.FaultException;
import dev.flotilla.fault.Reason;
import dev.flotilla.identity.TaskId;
import dev.flotilla.telemetry.LogKeys;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Creates the tasks of schedules whose time has come. Tasks and the next time are of one
/// transaction, and a schedule that one node has in hand is skipped by the others: each time counts
/// once.
public record Scheduler(
    ScheduleStore schedules, NewTasks tasks, Transactions transactions, Clock clock) {
  private static final Logger LOG = LoggerFactory.getLogger(Scheduler.class);

  /// What is older than this was missed.
  static final Duration ON_TIME = Duration.ofMinutes(1);

  /// Runs that one transaction makes up for.
  private static final int BATCH = 100;

  public void run() {
    while (schedules.anyDue(transactions.direct(), now()) && transactions.run(this::one)) {
      // There may be more.
    }
  }

  /// @return false where another node has what is due
  private boolean one(Sql sql, Effects effects) {
    Instant now = now();
    Optional<ScheduleRow> due = schedules.due(sql, now);
    due.ifPresent(row -> run(row, now, sql, effects));
    return due.isPresent();
  }

  private void run(ScheduleRow row, Instant now, Sql sql, Effects effects) {
    Instant first = row.nextAt() == null ? now : row.nextAt();
    List<Instant> wanted = wanted(row, first, now);
    Instant next = next(row, wanted, first, now);
    if (wanted.isEmpty()) {
      schedules.ran(sql, row, next, null, null);
      return;
    }
    Author author = new Author(row.tenant(), row.createdBy(), null, now, null);
    TaskId newest = create(row, wanted.size(), author, sql, effects);
    schedules.ran(sql, row, next, wanted.getLast(), newest);
  }

  /// The times that tasks are created for.
  static List<Instant> wanted(ScheduleRow row, Instant first, Instant now) {
    Instant limit = now.minus(ON_TIME);
    Instant latest = row.times().latest(now).filter(first::isBefore).orElse(first);
    return switch (row.missed()) {
      case ALL -> row.times().until(first, now, BATCH);
      case ONCE -> List.of(latest);
      case SKIP -> latest.isBefore(limit) ? List.of() : List.of(latest);
    };
  }

  private static @Nullable Instant next(
      ScheduleRow row, List<Instant> wanted, Instant first, Instant now) {
    return switch (row.missed()) {
      case ALL -> row.times().after(wanted.isEmpty() ? first : wanted.getLast()).orElse(null);
      case ONCE, SKIP -> row.times().after(now).orElse(null);
    };
  }

  /// @return null where they were refused, such as for a budget: the next time comes all the same
  private @Nullable TaskId create(
      ScheduleRow row, int count, Author author, Sql sql, Effects effects) {
    try {
      List<TaskRow> created =
          tasks.create(Collections.nCopies(count, row.task()), author, row.id(), sql, effects);
      return created.getLast().id();
    } catch (FaultException refused) {
      if (refused.fault().reason() == Reason.UNAVAILABLE) {
        throw refused;
      }
      LOG.atWarn()
          .addKeyValue(LogKeys.TENANT, row.tenant())
          .addKeyValue("schedule", row.id())
          .log("a scheduled task was not created: {}", refused.fault().message());
      return null;
    }
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }
}
