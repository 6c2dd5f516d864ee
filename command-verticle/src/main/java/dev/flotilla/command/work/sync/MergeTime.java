package dev.flotilla.command.work.sync;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flotilla.command.pipeline.CommandContext;
import dev.flotilla.command.work.entity.Edit;
import dev.flotilla.command.work.entity.Stamps;
import dev.flotilla.command.work.entity.Tables;
import dev.flotilla.command.work.time.TimeDesk;
import dev.flotilla.contract.TimeEntry;
import dev.flotilla.contract.WorkCommand;
import dev.flotilla.contract.WorkCommand.SyncEnvelope;
import dev.flotilla.contract.WorkResult.SyncOutcome;
import dev.flotilla.fault.Fault;
import dev.flotilla.identity.TimeEntryId;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Times as entries. One that runs is started with a connection only, because a user has one at a
/// time.
public record MergeTime(TimeDesk desk) implements Entries<TimeEntry> {
  private static final Kind<TimeEntry> KIND =
      new Kind<>(
          "time entry", Tables.TIMES, Stamps.TIMES, List.of("startedAt", "endedAt", "description"));

  @Override
  public Kind<TimeEntry> kind() {
    return KIND;
  }

  @Override
  public Origin origin(TimeEntry entry) {
    return new Origin(entry.workItemId(), entry.userId(), entry.createdAt());
  }

  @Override
  public TimeEntry add(SyncEnvelope envelope, String id, CommandContext context) {
    Instant start = envelope.startedAt();
    if (start == null) {
      throw Fault.invalid("startedAt", "Say when it began.").asException();
    }
    TimeEntry spent =
        new TimeEntry(
            new TimeEntryId(id),
            envelope.workItemId(),
            context.principal().user(),
            start,
            envelope.endedAt(),
            null,
            envelope.description(),
            context.now(),
            1L);
    return desk.add(spent, context);
  }

  @Override
  public TimeEntry change(TimeEntry before, ObjectNode won, CommandContext context) {
    return desk.adjust(Edit.of(before, won, context), context);
  }

  @Override
  public void delete(TimeEntry entry, CommandContext context) {
    desk.handle(new WorkCommand.TimeDelete(entry.id()), context);
  }

  @Override
  public SyncOutcome outcome(Merge merge, @Nullable TimeEntry entry) {
    return merge.outcome(null, null, entry);
  }
}
