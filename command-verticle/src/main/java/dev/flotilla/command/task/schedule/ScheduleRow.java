package dev.flotilla.command.task.schedule;

import dev.flotilla.contract.Command.TaskCreate;
import dev.flotilla.contract.MissedRuns;
import dev.flotilla.contract.QueueResult.ScheduleView;
import dev.flotilla.identity.TaskId;
import dev.flotilla.identity.TenantId;
import dev.flotilla.wire.Json;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/// A row of the table `schedules`.
///
/// @param nextAt null where it is not enabled, or never comes again
record ScheduleRow(
    TenantId tenant,
    String id,
    long revision,
    Times times,
    MissedRuns missed,
    boolean enabled,
    TaskCreate task,
    @Nullable Instant nextAt,
    @Nullable Instant lastAt,
    @Nullable TaskId lastTask,
    String createdBy,
    Instant createdAt) {

  static ScheduleRow of(Row row) {
    String last = row.getString("last_task");
    return new ScheduleRow(
        new TenantId(row.getString("tenant")),
        row.getString("id"),
        row.getLong("revision"),
        Times.of(row.getString("cron"), row.getString("zone")),
        MissedRuns.named(row.getString("missed")),
        row.getBoolean("enabled"),
        Json.read(row.getString("task"), TaskCreate.class),
        instant(row.getOffsetDateTime("next_at")),
        instant(row.getOffsetDateTime("last_at")),
        last == null ? null : new TaskId(last),
        row.getString("created_by"),
        row.getOffsetDateTime("created_at").toInstant());
  }

  private static @Nullable Instant instant(@Nullable OffsetDateTime time) {
    return time == null ? null : time.toInstant();
  }

  ScheduleView view() {
    return new ScheduleView(
        id,
        revision,
        times.cron(),
        times.zone().getId(),
        missed,
        enabled,
        task,
        nextAt,
        lastAt,
        lastTask,
        createdBy,
        createdAt);
  }
}
