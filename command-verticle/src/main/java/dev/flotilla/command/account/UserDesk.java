package dev.flotilla.command.account;

import dev.flotilla.command.pipeline.CommandContext;
import dev.flotilla.contract.AccessCommand;
import dev.flotilla.contract.AccessResult;
import dev.flotilla.fault.Fault;
import dev.flotilla.fault.Reason;
import dev.flotilla.identity.ApiKey;
import dev.flotilla.identity.Role;
import dev.flotilla.identity.Scope;
import dev.flotilla.identity.TenantId;
import dev.flotilla.identity.UserId;
import java.util.Collection;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Users of the caller's tenant; those of other tenants for who acts for the fleet.
public record UserDesk(UserStore users, Passwords passwords, Revoker revoker) {
  private static final int PAGE = 50;

  AccessResult.UserView create(AccessCommand.UserCreate asked, CommandContext context) {
    TenantId tenant = tenant(asked.tenant(), context);
    requirePerson(asked.id());
    requireGrantable(asked.roles(), context);
    String hash = asked.password() == null ? null : passwords.hash(asked.password());
    String by = context.principal().user().value();
    if (users.insertTenant(context.sql(), tenant, by, context.now())) {
      revoker.tenantAnew(context.sql(), context.effects(), tenant, context.now());
    } else if (users.isBeingDeleted(context.sql(), tenant)) {
      throw Fault.of(Reason.WRONG_STATE, "The tenant is being deleted.").asException();
    }
    if (!users.insert(context.sql(), tenant, asked.id(), hash, asked.roles(), by, context.now())) {
      throw Fault.of(Reason.ALREADY_EXISTS, "There is a user '" + asked.id() + "' already.")
          .asException();
    }
    UserRow made = require(users.find(context.sql(), tenant, asked.id().value()), asked.id());
    context.made(made.view());
    return made.view();
  }

  AccessResult.UserView get(AccessCommand.UserGet asked, CommandContext context) {
    TenantId tenant = tenant(asked.tenant(), context);
    return require(users.find(context.sql(), tenant, asked.id().value()), asked.id()).view();
  }

  AccessResult.UserPage list(AccessCommand.UserList asked, CommandContext context) {
    String after = asked.after() == null ? "" : asked.after().value();
    int limit = Objects.requireNonNullElse(asked.limit(), PAGE);
    return new AccessResult.UserPage(
        users.list(context.sql(), tenant(asked.tenant(), context), after, limit).stream()
            .map(UserRow::view)
            .toList());
  }

  /// Nobody can change who may do more than they themselves: that would be a way to become them.
  AccessResult.UserView update(AccessCommand.UserUpdate asked, CommandContext context) {
    TenantId tenant = tenant(asked.tenant(), context);
    // Hashed before the row is locked: it takes its time.
    String hash = asked.password() == null ? null : passwords.hash(asked.password());
    UserRow old = require(users.lock(context.sql(), tenant, asked.id()), asked.id());
    requireGrantable(old.roles(), context);
    requireNewest(asked.revision(), old);
    Set<Role> roles = asked.roles() == null ? old.roles() : EnumSet.copyOf(asked.roles());
    requireGrantable(roles, context);
    boolean enabled = Objects.requireNonNullElse(asked.enabled(), old.disabledAt() == null);
    UserRow changed =
        new UserRow(
            old.tenant(),
            old.id(),
            hash == null ? old.passwordHash() : hash,
            roles,
            enabled ? null : Objects.requireNonNullElse(old.disabledAt(), context.now()),
            old.suspended(),
            old.createdBy(),
            old.createdAt(),
            old.revision() + 1);
    users.update(context.sql(), changed, context.now());
    context.changed(old, changed);
    boolean other = hash != null || !roles.equals(old.roles());
    boolean letInAgain = enabled && old.disabledAt() != null;
    if (other || !enabled || letInAgain) {
      revoker.user(context.sql(), context.effects(), tenant, asked.id(), !enabled, context.now());
    }
    return changed.view();
  }

  AccessResult.UserView disable(AccessCommand.UserDisable asked, CommandContext context) {
    return update(
        new AccessCommand.UserUpdate(asked.id(), null, null, false, asked.tenant(), null), context);
  }

  /// Also for users that are only named in tokens. One that is disabled stays out.
  AccessResult.UserRevoked revoke(AccessCommand.UserRevoke asked, CommandContext context) {
    TenantId tenant = tenant(asked.tenant(), context);
    requirePerson(asked.id());
    Optional<UserRow> known = users.lock(context.sql(), tenant, asked.id());
    known.ifPresent(user -> requireGrantable(user.roles(), context));
    boolean stayOut = known.isPresent() && known.get().disabledAt() != null;
    int ended =
        revoker.user(context.sql(), context.effects(), tenant, asked.id(), stayOut, context.now());
    return new AccessResult.UserRevoked(asked.id(), tenant, ended);
  }

  private static void requireNewest(@Nullable Long meant, UserRow user) {
    if (meant != null && meant != user.revision()) {
      throw Fault.of(
              Reason.STALE_REVISION,
              "The user has revision " + user.revision() + ", not " + meant + ".")
          .asException();
    }
  }

  private static TenantId tenant(@Nullable TenantId asked, CommandContext context) {
    if (asked == null || asked.equals(context.tenant())) {
      return context.tenant();
    }
    context.principal().require(Scope.FLEET_ADMIN);
    return asked;
  }

  private static void requirePerson(UserId id) {
    if (ApiKey.isUser(id)) {
      throw Fault.invalid("id", "Ids that begin with 'key-' are those of API keys.").asException();
    }
  }

  static void requireGrantable(Collection<Role> roles, CommandContext context) {
    for (Role role : roles) {
      role.scopes().forEach(context.principal()::require);
    }
  }

  private static UserRow require(Optional<UserRow> found, UserId id) {
    return found.orElseThrow(() -> Fault.notFound("user", id.value()).asException());
  }
}
