package dev.flotilla.command.account;

import dev.flotilla.contract.AccessResult;
import dev.flotilla.identity.Role;
import dev.flotilla.identity.TenantId;
import dev.flotilla.identity.UserId;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A row of `users`.
///
/// @param suspended true where the whole tenant may not come in
record UserRow(
    TenantId tenant,
    UserId id,
    @Nullable String passwordHash,
    Set<Role> roles,
    @Nullable Instant disabledAt,
    boolean suspended,
    String createdBy,
    Instant createdAt,
    long revision) {
  static final String COLUMNS =
      """
      u.tenant, u.id, u.password_hash, u.roles, u.disabled_at, u.created_by, u.created_at,
      u.revision, t.suspended_at is not null as suspended
      """;

  static UserRow of(Row row) {
    Set<Role> roles = EnumSet.noneOf(Role.class);
    Arrays.stream(row.getArrayOfStrings("roles"))
        .flatMap(name -> Role.named(name).stream())
        .forEach(roles::add);
    var disabled = row.getOffsetDateTime("disabled_at");
    return new UserRow(
        new TenantId(row.getString("tenant")),
        new UserId(row.getString("id")),
        row.getString("password_hash"),
        roles,
        disabled == null ? null : disabled.toInstant(),
        row.getBoolean("suspended"),
        row.getString("created_by"),
        row.getOffsetDateTime("created_at").toInstant(),
        row.getLong("revision"));
  }

  boolean disabled() {
    return disabledAt != null;
  }

  AccessResult.UserView view() {
    return new AccessResult.UserView(
        id,
        tenant,
        roles.stream().sorted().toList(),
        disabledAt == null,
        passwordHash != null,
        createdBy,
        createdAt,
        revision);
  }
}
