package dev.flotilla.command.work.time;

import dev.flotilla.command.pipeline.CommandContext;
import dev.flotilla.command.work.entity.Edit;
import dev.flotilla.command.work.entity.Own;
import dev.flotilla.command.work.entity.Stamps;
import dev.flotilla.command.work.entity.Table.Filter;
import dev.flotilla.command.work.entity.Table.Page;
import dev.flotilla.command.work.entity.Tables;
import dev.flotilla.contract.TimeEntry;
import dev.flotilla.contract.TimeFact;
import dev.flotilla.contract.WorkCommand;
import dev.flotilla.contract.WorkItem;
import dev.flotilla.contract.WorkResult.TimeEntryPage;
import dev.flotilla.contract.WorkResult.WorkRemoved;
import dev.flotilla.fault.Fault;
import dev.flotilla.fault.Reason;
import dev.flotilla.identity.Ids;
import dev.flotilla.identity.ItemId;
import dev.flotilla.identity.TimeEntryId;
import dev.flotilla.wire.Json;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Timers of users on work items. How long one ran is computed here, from the fleet's own clock.
public record TimeDesk(Clock clock) {

  public TimeEntry handle(WorkCommand.TimeStart command, CommandContext context) {
    WorkItem item = item(command.workItemId(), context);
    TimeEntry entry =
        new TimeEntry(
            Objects.requireNonNullElseGet(command.id(), () -> new TimeEntryId(Ids.next(clock))),
            item.id(),
            context.principal().user(),
            context.now(),
            null,
            null,
            command.description(),
            context.now(),
            1L);
    if (!Tables.TIMES.tryInsert(context.sql(), context.tenant(), entry)) {
      throw Fault.of(Reason.WRONG_STATE, "Stop the timer that runs first.").asException();
    }
    context.record(new TimeFact.Started(item.projectId(), item.sprintId(), entry));
    return entry;
  }

  public TimeEntry handle(WorkCommand.TimeStop command, CommandContext context) {
    TimeEntry before = running(command.id(), context);
    WorkItem item = itemEvenDeleted(before.workItemId(), context);
    Instant end = context.now().isAfter(before.startedAt()) ? context.now() : before.startedAt();
    TimeEntry after = measured(ended(before, end, context).after());
    Tables.TIMES.update(context, after.id().value(), after);
    Stamps.TIMES.set(after.id(), List.of("endedAt"), Stamps.now(context), context);
    context.record(new TimeFact.Stopped(item.projectId(), item.sprintId(), after));
    return after;
  }

  /// Time that was spent without a connection, and is over.
  public TimeEntry add(TimeEntry spent, CommandContext context) {
    WorkItem item = item(spent.workItemId(), context);
    requireOver(spent.endedAt(), context);
    TimeEntry entry = measured(spent);
    Tables.TIMES.insert(context.sql(), context.tenant(), entry);
    context.record(new TimeFact.Stopped(item.projectId(), item.sprintId(), entry));
    return entry;
  }

  /// What was changed without a connection; that may be the end of a timer that ran.
  public TimeEntry adjust(Edit<TimeEntry> edit, CommandContext context) {
    TimeEntry before = edit.before();
    Own.require(before.userId(), context);
    WorkItem item = itemEvenDeleted(before.workItemId(), context);
    if (edit.after().endedAt() != null) {
      requireOver(edit.after().endedAt(), context);
    }
    TimeEntry after = measured(edit.after());
    if (!edit.isEmpty()) {
      Tables.TIMES.update(context, after.id().value(), after);
      context.record(
          before.endedAt() == null && after.endedAt() != null
              ? new TimeFact.Stopped(item.projectId(), item.sprintId(), after)
              : new TimeFact.Updated(item.projectId(), item.sprintId(), after));
    }
    return after;
  }

  private static Edit<TimeEntry> ended(TimeEntry entry, Instant end, CommandContext context) {
    return Edit.of(
        entry, Json.MAPPER.createObjectNode().put("endedAt", end.toEpochMilli()), context);
  }

  private static void requireOver(@Nullable Instant end, CommandContext context) {
    if (end == null || end.isAfter(context.now())) {
      throw Fault.invalid("endedAt", "It has to be over.").asException();
    }
  }

  private static TimeEntry running(@Nullable TimeEntryId id, CommandContext context) {
    if (id == null) {
      return Tables.TIMES
          .page(
              context.sql(),
              context.tenant(),
              List.of(Filter.equal("user_id", context.principal().user()), running(true)),
              false,
              1,
              null)
          .items()
          .stream()
          .findFirst()
          .map(found -> lock(found.id(), context))
          .orElseThrow(() -> notRunning());
    }
    return lock(id, context);
  }

  /// A timer that is the caller's and runs.
  private static TimeEntry lock(TimeEntryId id, CommandContext context) {
    TimeEntry entry = Tables.TIMES.lock(context.sql(), context.tenant(), id.value());
    Own.require(entry.userId(), context);
    if (entry.endedAt() != null) {
      throw notRunning();
    }
    return entry;
  }

  private static RuntimeException notRunning() {
    return Fault.of(Reason.WRONG_STATE, "No timer runs.").asException();
  }

  private static Filter running(boolean running) {
    return new Filter("(t.ended_at is null) = ?", running);
  }

  public TimeEntryPage handle(WorkCommand.TimeList command, CommandContext context) {
    List<Filter> filters = new ArrayList<>();
    if (command.workItemId() != null) {
      filters.add(Filter.equal("work_item_id", command.workItemId()));
    }
    if (command.userId() != null) {
      filters.add(Filter.equal("user_id", command.userId()));
    }
    if (command.running() != null) {
      filters.add(running(command.running()));
    }
    Page<TimeEntry> page =
        Tables.TIMES.page(
            context.sql(), context.tenant(), filters, false, command.limit(), command.cursor());
    return new TimeEntryPage(page.items(), page.next());
  }

  public TimeEntry handle(WorkCommand.TimeUpdate command, CommandContext context) {
    TimeEntry before = Tables.TIMES.lock(context.sql(), context.tenant(), command.id().value());
    Own.require(before.userId(), context);
    Edit.requireRevision("time entry", command.revision(), before.revision());
    if (before.endedAt() == null && command.endedAt() != null) {
      throw Fault.of(Reason.WRONG_STATE, "The timer runs: stop it first.").asException();
    }
    WorkItem item = item(before.workItemId(), context);
    Edit<TimeEntry> edit = Edit.of(before, command, context);
    TimeEntry after = measured(edit.after());
    if (!edit.isEmpty()) {
      Tables.TIMES.update(context, after.id().value(), after);
      Stamps.TIMES.set(after.id(), edit.changes(), context);
      context.record(new TimeFact.Updated(item.projectId(), item.sprintId(), after));
    }
    return after;
  }

  /// With the duration that its beginning and end come to.
  private static TimeEntry measured(TimeEntry entry) {
    Instant start = entry.startedAt();
    Instant end = entry.endedAt();
    if (end != null && end.isBefore(start)) {
      throw Fault.invalid("endedAt", "It ends before it begins.").asException();
    }
    return new TimeEntry(
        entry.id(),
        entry.workItemId(),
        entry.userId(),
        start,
        end,
        end == null ? null : Duration.between(start, end).toSeconds(),
        entry.description(),
        entry.createdAt(),
        entry.revision());
  }

  public WorkRemoved handle(WorkCommand.TimeDelete command, CommandContext context) {
    String id = command.id().value();
    TimeEntry entry = Tables.TIMES.lock(context.sql(), context.tenant(), id);
    Own.requireOrAdmin(entry.userId(), context);
    WorkItem item = itemEvenDeleted(entry.workItemId(), context);
    Tables.TIMES.delete(
        context.sql(), context.tenant(), List.of(id), context.now(), context.principal().user());
    context.record(new TimeFact.Deleted(item.projectId(), item.sprintId(), item.id(), entry.id()));
    return new WorkRemoved(id);
  }

  /// Who has a timer can end it, whatever has become of the item meanwhile.
  private static WorkItem itemEvenDeleted(ItemId id, CommandContext context) {
    return Tables.ITEMS.getEvenDeleted(context.sql(), context.tenant(), id.value());
  }

  private static WorkItem item(ItemId id, CommandContext context) {
    return Tables.ITEMS.get(context.sql(), context.tenant(), id.value());
  }
}
