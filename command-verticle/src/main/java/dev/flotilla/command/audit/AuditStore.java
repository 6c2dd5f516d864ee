package dev.flotilla.command.audit;

import dev.flotilla.command.store.Sql;
import dev.flotilla.contract.AccessCommand;
import dev.flotilla.contract.AccessResult.AuditEntry;
import dev.flotilla.identity.TenantId;
import dev.flotilla.wire.RawJson;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The table `audit_log`. It is only ever added to, in the transaction of the change itself: what
/// is done is written down, and what is written down is done.
public final class AuditStore {
  private static final String ADD =
      """
      insert into audit_log
        (tenant, at, actor, proof, action, target, outcome, fields, address, correlation_id,
          changes)
      values ($1, $2, $3, $4, $5, $6, $7, $8::text::jsonb, $9, $10, $11::text::jsonb)
      """;
  private static final String LIST =
      """
      select id, at, actor, proof, action, target, outcome, fields::text as fields, address,
        correlation_id, changes::text as changes
      from audit_log
      where tenant = $1 and id < $2
        and ($3::text is null or actor = $3) and ($4::text is null or action = $4)
        and ($5::text is null or target = $5) and ($6::text is null or outcome = $6)
        and ($7::timestamptz is null or at >= $7) and ($8::timestamptz is null or at < $8)
      order by id desc limit $9
      """;

  /// An entry and where it is in the log.
  public record Placed(long position, AuditEntry entry) {}

  /// Sends the statement; it is looked at before the commit.
  public Future<RowSet<Row>> add(Sql sql, Change change) {
    return add(sql, change, null);
  }

  /// @param changes what differs from before, as [Differences] tells it
  public Future<RowSet<Row>> add(Sql sql, Change change, @Nullable RawJson changes) {
    return sql.send(
        ADD,
        change.tenant().value(),
        utc(change.at()),
        change.actor(),
        change.proof(),
        change.action(),
        change.target(),
        change.outcome(),
        change.fields().text(),
        change.address(),
        change.correlationId(),
        changes == null ? null : changes.text());
  }

  /// Newest first.
  public List<Placed> list(
      Sql sql, TenantId tenant, AccessCommand.AuditList asked, long before, int limit) {
    List<Placed> entries = new ArrayList<>();
    sql.run(
            LIST,
            tenant.value(),
            before,
            asked.actor(),
            asked.action(),
            asked.target(),
            asked.outcome(),
            utc(asked.since()),
            utc(asked.until()),
            limit)
        .forEach(row -> entries.add(placed(row)));
    return entries;
  }

  private static Placed placed(Row row) {
    String changes = row.getString("changes");
    return new Placed(
        row.getLong("id"),
        new AuditEntry(
            row.getOffsetDateTime("at").toInstant(),
            row.getString("actor"),
            row.getString("proof"),
            row.getString("action"),
            row.getString("target"),
            row.getString("outcome"),
            new RawJson(row.getString("fields")),
            changes == null ? null : new RawJson(changes),
            row.getString("address"),
            row.getString("correlation_id")));
  }

  private static @Nullable OffsetDateTime utc(@Nullable Instant instant) {
    return instant == null ? null : instant.atOffset(ZoneOffset.UTC);
  }
}
