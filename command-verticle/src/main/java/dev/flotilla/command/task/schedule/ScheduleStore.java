package dev.flotilla.command.task.schedule;

import dev.flotilla.command.store.Sql;
import dev.flotilla.identity.TaskId;
import dev.flotilla.identity.TenantId;
import dev.flotilla.wire.Json;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The table `schedules`.
public final class ScheduleStore {
  private static final String COLUMNS =
      """
      tenant, id, cron, zone, missed, enabled, template::text as task, next_at, last_at, last_task,
      created_by, created_at, revision
      """;
  private static final String READ = "select " + COLUMNS + " from schedules ";
  private static final String INSERT =
      """
      insert into schedules (tenant, id, cron, zone, missed, enabled, template, next_at, created_by,
        created_at, updated_at)
      values ($1, $2, $3, $4, $5, $6, $7::text::jsonb, $8, $9, $10, $10)
      on conflict (tenant, id) do nothing
      """;
  private static final String UPDATE =
      """
      update schedules set cron = $3, zone = $4, missed = $5, enabled = $6,
        template = $7::text::jsonb, next_at = $8, revision = $9, updated_at = now()
      where tenant = $1 and id = $2
      """;
  private static final String FIND = READ + "where tenant = $1 and id = $2";
  private static final String LOCK = FIND + " for update";
  private static final String LIST = READ + "where tenant = $1 order by id limit 1000";
  private static final String DELETE = "delete from schedules where tenant = $1 and id = $2";
  // Those of a suspended tenant are missed, as when the fleet is down.
  private static final String IS_DUE =
      """
      where enabled and next_at <= $1 and not exists (
        select 1 from tenants t where t.id = schedules.tenant and t.suspended_at is not null)
      """;
  private static final String ANY_DUE = "select exists(select 1 from schedules " + IS_DUE + ")";
  private static final String DUE =
      READ + IS_DUE + " order by next_at limit 1 for update skip locked";
  private static final String RAN =
      """
      update schedules set next_at = $3, last_at = coalesce($4, last_at),
        last_task = coalesce($5, last_task), updated_at = now()
      where tenant = $1 and id = $2
      """;

  /// @return false where there is one of that id
  boolean insert(Sql sql, ScheduleRow row) {
    return sql.run(
                INSERT,
                row.tenant().value(),
                row.id(),
                row.times().cron(),
                row.times().zone().getId(),
                row.missed().wireName(),
                row.enabled(),
                Json.text(row.task()),
                utc(row.nextAt()),
                row.createdBy(),
                utc(row.createdAt()))
            .rowCount()
        == 1;
  }

  void update(Sql sql, ScheduleRow row) {
    sql.run(
        UPDATE,
        row.tenant().value(),
        row.id(),
        row.times().cron(),
        row.times().zone().getId(),
        row.missed().wireName(),
        row.enabled(),
        Json.text(row.task()),
        utc(row.nextAt()),
        row.revision());
  }

  Optional<ScheduleRow> find(Sql sql, TenantId tenant, String id) {
    return rows(sql.run(FIND, tenant.value(), id)).stream().findFirst();
  }

  Optional<ScheduleRow> lock(Sql sql, TenantId tenant, String id) {
    return rows(sql.run(LOCK, tenant.value(), id)).stream().findFirst();
  }

  List<ScheduleRow> list(Sql sql, TenantId tenant) {
    return rows(sql.run(LIST, tenant.value()));
  }

  boolean delete(Sql sql, TenantId tenant, String id) {
    return sql.run(DELETE, tenant.value(), id).rowCount() == 1;
  }

  boolean anyDue(Sql sql, Instant now) {
    return sql.run(ANY_DUE, utc(now)).iterator().next().getBoolean(0);
  }

  /// One whose time has come and that no other node works on.
  Optional<ScheduleRow> due(Sql sql, Instant now) {
    return rows(sql.run(DUE, utc(now))).stream().findFirst();
  }

  /// @param lastAt null where nothing was created
  void ran(
      Sql sql,
      ScheduleRow row,
      @Nullable Instant nextAt,
      @Nullable Instant lastAt,
      @Nullable TaskId task) {
    sql.run(
        RAN,
        row.tenant().value(),
        row.id(),
        utc(nextAt),
        utc(lastAt),
        task == null ? null : task.value());
  }

  private static List<ScheduleRow> rows(Iterable<Row> found) {
    List<ScheduleRow> rows = new ArrayList<>();
    found.forEach(row -> rows.add(ScheduleRow.of(row)));
    return rows;
  }

  private static @Nullable OffsetDateTime utc(@Nullable Instant time) {
    return time == null ? null : time.atOffset(ZoneOffset.UTC);
  }
}
