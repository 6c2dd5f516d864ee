package dev.flotilla.command.tenant;

import dev.flotilla.command.store.Sql;
import dev.flotilla.contract.TenantCommand;
import dev.flotilla.identity.TenantId;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The table `tenants`.
public final class TenantStore {
  private static final String FROM = "select " + TenantRow.COLUMNS + " from tenants t ";
  private static final String FIND = FROM + "where t.id = $1";
  private static final String LIST = FROM + "where t.id > $1 order by t.id limit $2";
  // Separate: the counts of the other statement would be those from before the wait for the lock.
  private static final String LOCK = "select id from tenants where id = $1 for update";
  private static final String INSERT =
      """
      insert into tenants (id, name, created_by, created_at) values ($1, $2, $3, $4)
      on conflict (id) do nothing
      """;
  // One that was deleted does not come back by an event that came late.
  private static final String ADOPT =
      """
      insert into tenants (id, created_by, created_at)
      select tenant, 'fleet', $1 from tenant_log l
      where not exists (select 1 from tenants t where t.id = l.tenant)
        and not exists (select 1 from revocations r where r.kind = 'tenant' and r.tenant = l.tenant)
      on conflict (id) do nothing
      """;
  private static final String UPDATE =
      """
      update tenants set name = coalesce($2, name),
        max_users = case when $3::int is null then max_users else nullif($3, 0) end,
        max_api_keys = case when $4::int is null then max_api_keys else nullif($4, 0) end,
        max_instances = case when $5::int is null then max_instances else nullif($5, 0) end,
        rate_class = coalesce($6, rate_class),
        revision = revision + 1
      where id = $1
      """;
  private static final String SUSPEND =
      """
      update tenants set suspended_at = $2, suspended_reason = $3, suspended_by = $4,
        revision = revision + 1
      where id = $1
      """;
  private static final String DELETING =
      "update tenants set deleting_at = $2, revision = revision + 1 where id = $1";
  private static final String NEXT_TO_DELETE =
      """
      select id, deleting_at from tenants where deleting_at is not null and id <> all($1)
      order by deleting_at limit 1 for update skip locked
      """;
  private static final String DELETE = "delete from tenants where id = $1";

  Optional<TenantRow> find(Sql sql, TenantId id) {
    return rows(sql.run(FIND, id.value())).stream().findFirst();
  }

  Optional<TenantRow> lock(Sql sql, TenantId id) {
    sql.run(LOCK, id.value());
    return find(sql, id);
  }

  List<TenantRow> list(Sql sql, String after, int limit) {
    return rows(sql.run(LIST, after, limit));
  }

  /// @return false where there is one of that id
  boolean insert(Sql sql, TenantId id, @Nullable String name, String by, Instant now) {
    return sql.run(INSERT, id.value(), name, by, utc(now)).rowCount() == 1;
  }

  /// Makes rows for tenants that were only named in tokens, and have done something.
  void adopt(Sql sql, Instant now) {
    sql.run(ADOPT, utc(now));
  }

  void update(Sql sql, TenantCommand.TenantUpdate asked) {
    sql.run(
        UPDATE,
        asked.id().value(),
        asked.name(),
        asked.maxUsers(),
        asked.maxApiKeys(),
        asked.maxInstances(),
        asked.rateClass() == null ? null : asked.rateClass().wireName());
  }

  void suspend(Sql sql, TenantId id, @Nullable String reason, String by, Instant now) {
    sql.run(SUSPEND, id.value(), utc(now), reason, by);
  }

  void resume(Sql sql, TenantId id) {
    sql.run(SUSPEND, id.value(), null, null, null);
  }

  void deleteLater(Sql sql, TenantId id, Instant now) {
    sql.run(DELETING, id.value(), utc(now));
  }

  /// One that is to go.
  ///
  /// @param since when that was said
  record Doomed(TenantId id, Instant since) {}

  /// One that is to be deleted, and that no other node has in hand.
  ///
  /// @param but not one of these
  Optional<Doomed> nextToDelete(Sql sql, Collection<TenantId> but) {
    String[] others = but.stream().map(TenantId::value).toArray(String[]::new);
    var rows = sql.run(NEXT_TO_DELETE, (Object) others).iterator();
    return rows.hasNext() ? Optional.of(doomed(rows.next())) : Optional.empty();
  }

  private static Doomed doomed(Row row) {
    return new Doomed(
        new TenantId(row.getString("id")), row.getOffsetDateTime("deleting_at").toInstant());
  }

  void delete(Sql sql, TenantId id) {
    sql.run(DELETE, id.value());
  }

  private static OffsetDateTime utc(Instant instant) {
    return instant.atOffset(ZoneOffset.UTC);
  }

  private static List<TenantRow> rows(RowSet<Row> found) {
    List<TenantRow> tenants = new ArrayList<>();
    found.forEach(row -> tenants.add(TenantRow.of(row)));
    return tenants;
  }
}
