package dev.flotilla.fleet.audit;

import dev.flotilla.identity.TenantId;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.io.PrintWriter;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/// The audit log as JSON lines, read page by page.
public record AuditExport(Pool postgres) {
  private static final int PAGE = 1000;
  private static final String READ =
      """
      select id, json_strip_nulls(json_build_object('id', id, 'tenant', tenant,
        'at', to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), 'actor', actor,
        'proof', proof, 'action', action, 'target', target, 'outcome', outcome, 'fields', fields,
        'changes', changes, 'address', address, 'correlationId', correlation_id))::text as line
      from audit_log
      where id > $1 and ($2::text is null or tenant = $2)
        and ($3::timestamptz is null or at >= $3) and ($4::timestamptz is null or at < $4)
      order by id limit $5
      """;

  /// @param tenant null for all
  public record Range(
      @Nullable TenantId tenant, @Nullable Instant since, @Nullable Instant until) {}

  /// @return how many entries were written
  public long write(Range range, PrintWriter out) {
    long after = 0;
    long written = 0;
    int read = PAGE;
    while (read == PAGE) {
      TenantId tenant = range.tenant();
      RowSet<Row> page =
          postgres
              .preparedQuery(READ)
              .execute(
                  Tuple.of(
                      after,
                      tenant == null ? null : tenant.value(),
                      utc(range.since()),
                      utc(range.until()),
                      PAGE))
              .await();
      for (Row row : page) {
        out.println(row.getString("line"));
        after = row.getLong("id");
      }
      read = page.size();
      written += read;
    }
    out.flush();
    return written;
  }

  private static @Nullable OffsetDateTime utc(@Nullable Instant time) {
    return time == null ? null : time.atOffset(ZoneOffset.UTC);
  }
}
