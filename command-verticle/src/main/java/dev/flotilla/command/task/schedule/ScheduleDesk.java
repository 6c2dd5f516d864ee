package dev.flotilla.command.task.schedule;

import dev.flotilla.command.pipeline.CommandContext;
import dev.flotilla.command.task.Author;
import dev.flotilla.command.task.NewTasks;
import dev.flotilla.contract.Command.TaskCreate;
import dev.flotilla.contract.MissedRuns;
import dev.flotilla.contract.QueueCommand;
import dev.flotilla.contract.QueueResult.SchedulePage;
import dev.flotilla.contract.QueueResult.ScheduleRemoved;
import dev.flotilla.contract.QueueResult.ScheduleView;
import dev.flotilla.fault.Fault;
import dev.flotilla.fault.Reason;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Creates, shows, changes and deletes schedules.
public record ScheduleDesk(ScheduleStore store, NewTasks tasks) {

  public ScheduleView handle(QueueCommand.ScheduleCreate command, CommandContext context) {
    Times times = Times.of(command.cron(), Objects.requireNonNullElse(command.zone(), "UTC"));
    boolean enabled = Objects.requireNonNullElse(command.enabled(), true);
    ScheduleRow row =
        new ScheduleRow(
            context.tenant(),
            command.id(),
            1,
            times,
            Objects.requireNonNullElse(command.missed(), MissedRuns.ONCE),
            enabled,
            template(command.task(), context),
            next(times, enabled, context),
            null,
            null,
            context.principal().user().value(),
            context.now());
    if (!store.insert(context.sql(), row)) {
      throw Fault.of(Reason.ALREADY_EXISTS, "There is a schedule '" + command.id() + "' already.")
          .asException();
    }
    return row.view();
  }

  public ScheduleView handle(QueueCommand.ScheduleUpdate command, CommandContext context) {
    ScheduleRow old = locked(command.id(), command.revision(), context);
    Times times =
        Times.of(
            Objects.requireNonNullElse(command.cron(), old.times().cron()),
            Objects.requireNonNullElse(command.zone(), old.times().zone().getId()));
    boolean enabled = Objects.requireNonNullElse(command.enabled(), old.enabled());
    TaskCreate task = command.task();
    ScheduleRow row =
        new ScheduleRow(
            old.tenant(),
            old.id(),
            old.revision() + 1,
            times,
            Objects.requireNonNullElse(command.missed(), old.missed()),
            enabled,
            task == null ? old.task() : template(task, context),
            next(times, enabled, context),
            old.lastAt(),
            old.lastTask(),
            old.createdBy(),
            old.createdAt());
    store.update(context.sql(), row);
    context.changed(old.view(), row.view());
    return row.view();
  }

  public ScheduleView handle(QueueCommand.ScheduleGet command, CommandContext context) {
    return store
        .find(context.sql(), context.tenant(), command.id())
        .orElseThrow(() -> notFound(command.id()))
        .view();
  }

  public SchedulePage list(CommandContext context) {
    return new SchedulePage(
        store.list(context.sql(), context.tenant()).stream().map(ScheduleRow::view).toList());
  }

  public ScheduleRemoved handle(QueueCommand.ScheduleDelete command, CommandContext context) {
    locked(command.id(), command.revision(), context);
    store.delete(context.sql(), context.tenant(), command.id());
    return new ScheduleRemoved(command.id());
  }

  /// @param meant the revision that the change is meant for
  private ScheduleRow locked(String id, @Nullable Long meant, CommandContext context) {
    ScheduleRow row =
        store.lock(context.sql(), context.tenant(), id).orElseThrow(() -> notFound(id));
    if (meant != null && meant != row.revision()) {
      throw Fault.of(
              Reason.STALE_REVISION,
              "Schedule '%s' has revision %d, not %d.".formatted(id, row.revision(), meant))
          .asException();
    }
    return row;
  }

  private static @Nullable Instant next(Times times, boolean enabled, CommandContext context) {
    return enabled ? times.after(context.now()).orElse(null) : null;
  }

  /// What is about one moment has no meaning in something that is repeated.
  private TaskCreate template(TaskCreate task, CommandContext context) {
    if (task.runAt() != null || task.deadline() != null || task.after() != null) {
      throw Fault.invalid("task", "A schedule's task has no runAt, deadline or after.")
          .asException();
    }
    tasks.check(task, Author.of(context));
    return task;
  }

  private static RuntimeException notFound(String id) {
    return Fault.notFound("schedule", id).asException();
  }
}
