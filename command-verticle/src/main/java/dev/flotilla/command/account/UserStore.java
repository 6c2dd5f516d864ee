package dev.flotilla.command.account;

import dev.flotilla.command.store.Sql;
import dev.flotilla.identity.Role;
import dev.flotilla.identity.TenantId;
import dev.flotilla.identity.UserId;
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

/// The tables `tenants` and `users`.
public final class UserStore {
  private static final String FROM =
      "select " + UserRow.COLUMNS + " from users u join tenants t on t.id = u.tenant ";
  private static final String FIND = FROM + "where u.tenant = $1 and u.id = $2";
  private static final String LOCK = FIND + " for update of u";
  private static final String LIST =
      FROM + "where u.tenant = $1 and u.id > $2 order by u.id limit $3";
  private static final String TENANT =
      """
      insert into tenants (id, created_by, created_at) values ($1, $2, $3)
      on conflict (id) do nothing
      """;
  private static final String DELETING =
      "select deleting_at is not null as deleting from tenants where id = $1 for key share";
  private static final String IS_CROWDED =
      """
      select (select count(*) from users where tenant = $1) > max_users as crowded
      from tenants where id = $1 and max_users is not null for no key update
      """;
  private static final String INSERT =
      """
      insert into users (tenant, id, password_hash, roles, created_by, created_at, updated_at)
      values ($1, $2, $3, $4, $5, $6, $6)
      on conflict (tenant, id) do nothing
      """;
  private static final String UPDATE =
      """
      update users set password_hash = $3, roles = $4, disabled_at = $5, updated_at = $6,
        revision = revision + 1
      where tenant = $1 and id = $2
      """;

  Optional<UserRow> find(Sql sql, TenantId tenant, String id) {
    return rows(sql.run(FIND, tenant.value(), id)).stream().findFirst();
  }

  Optional<UserRow> lock(Sql sql, TenantId tenant, UserId id) {
    return rows(sql.run(LOCK, tenant.value(), id.value())).stream().findFirst();
  }

  List<UserRow> list(Sql sql, TenantId tenant, String after, int limit) {
    return rows(sql.run(LIST, tenant.value(), after, limit));
  }

  /// Makes the tenant where there is none.
  ///
  /// @return false where there was
  boolean insertTenant(Sql sql, TenantId tenant, String by, Instant now) {
    return sql.run(TENANT, tenant.value(), by, utc(now)).rowCount() == 1;
  }

  boolean isBeingDeleted(Sql sql, TenantId tenant) {
    return sql.run(DELETING, tenant.value()).iterator().next().getBoolean("deleting");
  }

  /// True where there are more than the tenant may have.
  boolean isCrowded(Sql sql, TenantId tenant) {
    var rows = sql.run(IS_CROWDED, tenant.value()).iterator();
    return rows.hasNext() && rows.next().getBoolean("crowded");
  }

  /// @return false where there is one of that id
  boolean insert(
      Sql sql,
      TenantId tenant,
      UserId id,
      @Nullable String passwordHash,
      Collection<Role> roles,
      String by,
      Instant now) {
    return sql.run(INSERT, tenant.value(), id.value(), passwordHash, names(roles), by, utc(now))
            .rowCount()
        == 1;
  }

  void update(Sql sql, UserRow row, Instant now) {
    sql.run(
        UPDATE,
        row.tenant().value(),
        row.id().value(),
        row.passwordHash(),
        names(row.roles()),
        row.disabledAt() == null ? null : utc(row.disabledAt()),
        utc(now));
  }

  private static String[] names(Collection<Role> roles) {
    return roles.stream().map(Role::wireName).toArray(String[]::new);
  }

  private static OffsetDateTime utc(Instant instant) {
    return instant.atOffset(ZoneOffset.UTC);
  }

  private static List<UserRow> rows(RowSet<Row> found) {
    List<UserRow> users = new ArrayList<>();
    found.forEach(row -> users.add(UserRow.of(row)));
    return users;
  }
}
