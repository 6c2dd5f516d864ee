package dev.flotilla.command.account;

import dev.flotilla.command.store.Sql;
import dev.flotilla.contract.AccessResult.ApiKeyView;
import dev.flotilla.identity.Scope;
import dev.flotilla.identity.TenantId;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// The table `api_keys`, as far as it is changed here. Gateways read it to check keys, and note
/// when one was last used.
public final class KeyStore {
  private static final String INSERT =
      """
      insert into api_keys (id, tenant, name, hash, scopes, created_by, created_at, expires_at)
      values ($1, $2, $3, $4, $5, $6, $7, $8)
      """;
  private static final String LIST =
      """
      select id, name, scopes, created_by, created_at, expires_at, last_used_at
      from api_keys
      where tenant = $1 and revoked_at is null and expires_at > $2
      order by created_at desc, id desc limit $3
      """;
  private static final String LOCK =
      """
      select id, name, scopes, created_by, created_at, expires_at, last_used_at,
        revoked_at is not null as revoked
      from api_keys
      where tenant = $1 and id = $2 for update
      """;
  private static final String REVOKE =
      "update api_keys set revoked_at = $3 where tenant = $1 and id = $2";

  /// A key, and whether it is good no more.
  record Locked(ApiKeyView key, boolean revoked) {}

  void insert(Sql sql, TenantId tenant, ApiKeyView key, String hash) {
    sql.run(
        INSERT,
        key.id(),
        tenant.value(),
        key.name(),
        hash,
        key.scopes().stream().map(Scope::wireName).toArray(String[]::new),
        key.createdBy(),
        utc(key.createdAt()),
        utc(key.expiresAt()));
  }

  /// Those that are good, newest first.
  List<ApiKeyView> list(Sql sql, TenantId tenant, Instant now, int limit) {
    List<ApiKeyView> keys = new ArrayList<>();
    sql.run(LIST, tenant.value(), utc(now), limit).forEach(row -> keys.add(view(row)));
    return keys;
  }

  Optional<Locked> lock(Sql sql, TenantId tenant, String id) {
    var rows = sql.run(LOCK, tenant.value(), id).iterator();
    if (!rows.hasNext()) {
      return Optional.empty();
    }
    Row row = rows.next();
    return Optional.of(new Locked(view(row), row.getBoolean("revoked")));
  }

  void revoke(Sql sql, TenantId tenant, String id, Instant now) {
    sql.run(REVOKE, tenant.value(), id, utc(now));
  }

  private static ApiKeyView view(Row row) {
    OffsetDateTime used = row.getOffsetDateTime("last_used_at");
    return new ApiKeyView(
        row.getString("id"),
        row.getString("name"),
        Arrays.stream(row.getArrayOfStrings("scopes"))
            .flatMap(name -> Scope.named(name).stream())
            .toList(),
        row.getString("created_by"),
        row.getOffsetDateTime("created_at").toInstant(),
        row.getOffsetDateTime("expires_at").toInstant(),
        used == null ? null : used.toInstant());
  }

  private static OffsetDateTime utc(Instant instant) {
    return instant.atOffset(ZoneOffset.UTC);
  }
}
