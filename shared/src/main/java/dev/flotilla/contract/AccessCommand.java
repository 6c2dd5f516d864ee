package dev.flotilla.contract;

import dev.flotilla.identity.Role;
import dev.flotilla.identity.Scope;
import dev.flotilla.identity.TenantId;
import dev.flotilla.identity.UserId;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a client can ask about who may come in: users, their sessions, keys of machines, and what
/// was changed by whom. Another tenant than the caller's takes the scope `fleet.admin`.
public sealed interface AccessCommand extends Command {

  /// Makes a user. Nobody can grant a role that allows more than they may themselves.
  ///
  /// @param password 10 to 256 characters; without one the user cannot log in
  record UserCreate(
      UserId id, @Nullable String password, List<Role> roles, @Nullable TenantId tenant)
      implements AccessCommand {}

  /// Changes what is given of a user. A new password or other roles end all sessions.
  ///
  /// @param revision what was read; the change is refused where there is a newer one
  record UserUpdate(
      UserId id,
      @Nullable String password,
      @Nullable List<Role> roles,
      @Nullable Boolean enabled,
      @Nullable TenantId tenant,
      @Nullable Long revision)
      implements AccessCommand {}

  record UserGet(UserId id, @Nullable TenantId tenant) implements AccessCommand {}

  /// @param after the last user of the page before
  record UserList(@Nullable Integer limit, @Nullable UserId after, @Nullable TenantId tenant)
      implements AccessCommand {}

  /// Ends everything of a user, and lets them in no more.
  record UserDisable(UserId id, @Nullable TenantId tenant) implements AccessCommand {}

  /// Ends everything of a user that there is now: sessions, sockets and tokens. They may log in
  /// again. The user need not be in the table.
  record UserRevoke(UserId id, @Nullable TenantId tenant) implements AccessCommand {}

  /// Lists logins that go on.
  record LoginList(@Nullable UserId user, @Nullable Integer limit) implements AccessCommand {}

  record LoginRevoke(String id) implements AccessCommand {}

  /// Makes a key for a machine. Its scopes are some of the caller's own.
  record ApiKeyCreate(String name, List<Scope> scopes, @Nullable Instant expiresAt)
      implements AccessCommand {}

  record ApiKeyList(@Nullable Integer limit) implements AccessCommand {}

  record ApiKeyRevoke(String id) implements AccessCommand {}

  /// Lists changes, newest first.
  ///
  /// @param action such as `task.create` or `auth.login`
  /// @param outcome `OK` or a reason
  record AuditList(
      @Nullable String actor,
      @Nullable String action,
      @Nullable String target,
      @Nullable String outcome,
      @Nullable Instant since,
      @Nullable Instant until,
      @Nullable Integer limit,
      @Nullable String cursor)
      implements AccessCommand {}
}
