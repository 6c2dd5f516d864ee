package dev.flotilla.command.work.sync;

import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flotilla.command.pipeline.CommandContext;
import dev.flotilla.command.work.entity.Edit;
import dev.flotilla.command.work.entity.Own;
import dev.flotilla.command.work.entity.Stamps;
import dev.flotilla.command.work.entity.Stamps.Stamp;
import dev.flotilla.command.work.entity.Tables;
import dev.flotilla.command.work.time.TimeDesk;
import dev.flotilla.contract.TimeEntry;
import dev.flotilla.contract.WorkCommand;
import dev.flotilla.contract.WorkCommand.SyncEnvelope;
import dev.flotilla.contract.WorkResult.SyncOutcome;
import dev.flotilla.fault.Fault;
import dev.flotilla.identity.TimeEntryId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Time that was spent, adjusted or taken back without a connection. Deleted is deleted: nothing
/// brings a time entry back. One that runs is started with a connection only, because a user has
/// one at a time.
public record MergeTime(TimeDesk desk) {
  private static final String DELETED = "deleted";
  private static final List<String> TIME = List.of("startedAt", "endedAt", "description");
  private static final List<String> FIELDS =
      List.of("startedAt", "endedAt", "description", DELETED);

  SyncOutcome merge(
      SyncEnvelope envelope, TimeEntryId id, ObjectNode given, CommandContext context) {
    SyncWork.require(given, FIELDS, DELETED, "time entry");
    Stamp mine = Merge.stamp(envelope, context);
    Optional<TimeEntry> found = Tables.TIMES.find(context.sql(), context.tenant(), id.value());
    if (found.isEmpty() && !given.has(DELETED)) {
      TimeEntry made = desk.add(spent(envelope, id, context), context);
      // What it does not have it was given without, then.
      Stamps.TIMES.set(id, TIME, mine, context);
      return Merge.all(mine, given).outcome(null, null, made);
    }
    TimeEntry before =
        found
            .filter(entry -> entry.workItemId().equals(envelope.workItemId()))
            .orElseThrow(() -> Fault.notFound("time entry", id.value()).asException());
    Own.require(before.userId(), context);
    Map<String, Stamp> stamps = Stamps.TIMES.of(id, context);
    boolean gone = Tables.TIMES.isDeleted(context.sql(), context.tenant(), id.value());
    if (given.has(DELETED)) {
      SyncWork.requireGone(given);
      if (!gone) {
        desk.handle(new WorkCommand.TimeDelete(id), context);
        Stamps.TIMES.set(id, List.of(DELETED), mine, context);
      }
      return Merge.all(mine, given).outcome(null, null, null);
    }
    Merge merge = Merge.of(mine, given, before, stamps, before.createdAt());
    if (gone) {
      return merge
          .overruled(DELETED, BooleanNode.TRUE, stamps.getOrDefault(DELETED, Merge.UNKNOWN))
          .outcome(null, null, null);
    }
    TimeEntry after = desk.adjust(Edit.of(before, merge.won(), context), context);
    Stamps.TIMES.set(id, names(merge.won()), mine, context);
    return merge.outcome(null, null, after);
  }

  private static TimeEntry spent(SyncEnvelope envelope, TimeEntryId id, CommandContext context) {
    Instant start = envelope.startedAt();
    if (start == null) {
      throw Fault.invalid("startedAt", "Say when it began.").asException();
    }
    return new TimeEntry(
        id,
        envelope.workItemId(),
        context.principal().user(),
        start,
        envelope.endedAt(),
        null,
        envelope.description(),
        context.now());
  }

  private static List<String> names(ObjectNode fields) {
    List<String> names = new ArrayList<>();
    fields.fieldNames().forEachRemaining(names::add);
    return names;
  }
}
