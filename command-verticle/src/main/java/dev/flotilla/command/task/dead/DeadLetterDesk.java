package dev.flotilla.command.task.dead;

import dev.flotilla.command.pipeline.CommandContext;
import dev.flotilla.command.task.Cursor;
import dev.flotilla.command.task.ListTasks;
import dev.flotilla.command.task.TaskDesk;
import dev.flotilla.command.task.TaskRow;
import dev.flotilla.command.task.TaskStore;
import dev.flotilla.contract.Fact;
import dev.flotilla.contract.QueueCommand;
import dev.flotilla.contract.QueueResult.Purged;
import dev.flotilla.contract.QueueResult.Replayed;
import dev.flotilla.contract.Result.TaskPage;
import dev.flotilla.contract.TaskChange;
import dev.flotilla.fault.Fault;
import dev.flotilla.fault.Reason;
import dev.flotilla.identity.TaskId;
import java.util.List;
import java.util.Objects;

/// Lists dead letters, queues them again under their own ids, and deletes them.
public record DeadLetterDesk(TaskStore tasks, DeadLetterStore letters, TaskDesk desk) {
  private static final int DEFAULT_LIMIT = 50;

  /// What one transaction replays.
  private static final int BATCH = 1000;

  /// Each of them is an event.
  private static final int MOST_PURGED = 10_000;

  public TaskPage handle(QueueCommand.DeadLetterList command, CommandContext context) {
    int limit = Objects.requireNonNullElse(command.limit(), DEFAULT_LIMIT);
    long before = Cursor.parse("cursor", command.cursor()).position();
    return ListTasks.page(
        letters.list(context.sql(), context.tenant(), DeadLetters.of(command), before, limit + 1),
        limit);
  }

  public Replayed handle(QueueCommand.DeadLetterReplay command, CommandContext context) {
    DeadLetters which = DeadLetters.of(command);
    long matched = letters.count(context.sql(), context.tenant(), which);
    if (Boolean.TRUE.equals(command.dryRun())) {
      return new Replayed(
          matched, letters.ids(context.sql(), context.tenant(), which, BATCH), true);
    }
    List<TaskId> ids = letters.lock(context.sql(), context.tenant(), which, BATCH);
    List<TaskRow> queued = tasks.requeue(context.sql(), ids);
    String reason = "Replayed by " + context.principal().user() + ".";
    for (TaskRow task : queued) {
      context.record(new Fact.TaskChanged(TaskChange.QUEUED, task.view().withoutPrompt(), reason));
    }
    context.effects().afterCommit(() -> desk.queuedAgain(queued));
    return new Replayed(matched, ids, false);
  }

  public Purged handle(QueueCommand.DeadLetterPurge command, CommandContext context) {
    DeadLetters which = DeadLetters.of(command);
    long matched = letters.count(context.sql(), context.tenant(), which);
    if (Boolean.TRUE.equals(command.dryRun())) {
      return new Purged(matched, 0);
    }
    Integer confirm = command.confirm();
    if (confirm == null) {
      throw Fault.invalid("confirm", "Say how many you mean: a dry run tells.").asException();
    }
    if (confirm > MOST_PURGED) {
      throw Fault.invalid(
              "confirm",
              "At most %d at once: say which, for example by until.".formatted(MOST_PURGED))
          .asException();
    }
    List<TaskRow> purged = letters.purge(context.sql(), context.tenant(), which, confirm);
    if (purged.size() != confirm) {
      throw Fault.of(
              Reason.WRONG_STATE,
              "There are %d of them, not %d: nothing was deleted.".formatted(matched, confirm))
          .asException();
    }
    String reason = "Purged by " + context.principal().user() + ".";
    for (TaskRow task : purged) {
      context.record(new Fact.TaskChanged(TaskChange.PURGED, task.view().withoutPrompt(), reason));
    }
    return new Purged(purged.size(), purged.size());
  }
}
