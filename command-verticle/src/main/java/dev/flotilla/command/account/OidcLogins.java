package dev.flotilla.command.account;

import dev.flotilla.account.Grant;
import dev.flotilla.account.OidcAsk;
import dev.flotilla.command.audit.AuditStore;
import dev.flotilla.command.audit.Change;
import dev.flotilla.command.audit.Differences;
import dev.flotilla.command.store.Effects;
import dev.flotilla.command.store.Sql;
import dev.flotilla.command.store.Transactions;
import dev.flotilla.contract.CommandKind;
import dev.flotilla.fault.Fault;
import dev.flotilla.fault.Reason;
import dev.flotilla.identity.Proof;
import dev.flotilla.identity.TenantId;
import dev.flotilla.wire.RawJson;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.EnumSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Begins sessions for whom a provider vouches. It makes their users on the way, and says each time
/// what they may do. A user whom it has not made is not its own: what somebody is called at a
/// provider must not make them somebody here.
public record OidcLogins(
    Logins logins,
    UserStore users,
    SessionStore sessions,
    Revoker revoker,
    AuditStore audit,
    Transactions transactions,
    Clock clock) {
  private static final Logger LOG = LoggerFactory.getLogger(OidcLogins.class);
  private static final String MADE = CommandKind.USER_CREATE.method();
  private static final String CHANGED = CommandKind.USER_UPDATE.method();

  public Grant login(OidcAsk ask) {
    return transactions.run((sql, effects) -> login(ask, sql, effects));
  }

  private Grant login(OidcAsk ask, Sql sql, Effects effects) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    make(ask, now, sql, effects);
    UserRow user = users.lock(sql, ask.tenant(), ask.user()).orElseThrow(Logins::refused);
    if (!user.createdBy().equals(maker(ask.issuer())) || user.disabled()) {
      LOG.info("{} of {} is disabled, or not a user of {}", user.id(), user.tenant(), ask.issuer());
      throw Logins.refused();
    }
    if (user.suspended()) {
      throw Logins.suspended();
    }
    UserRow current =
        user.roles().equals(ask.roles()) ? user : changed(user, ask, now, sql, effects);
    return logins.open(
        current,
        new SessionRow.Origin(ask.issuer(), ask.subject(), ask.providerSession()),
        true,
        ask.address(),
        ask.agent(),
        ask.correlationId(),
        sql,
        effects);
  }

  private void make(OidcAsk ask, Instant now, Sql sql, Effects effects) {
    TenantId tenant = ask.tenant();
    if (users.insertTenant(sql, tenant, maker(ask.issuer()), now)) {
      revoker.tenantAnew(sql, effects, tenant, now);
    }
    boolean made =
        users.insert(sql, tenant, ask.user(), null, ask.roles(), maker(ask.issuer()), now);
    if (made && users.isCrowded(sql, tenant)) {
      throw Fault.of(Reason.QUOTA_EXCEEDED, "The tenant may have no more users.").asException();
    }
    if (made) {
      UserRow user = users.find(sql, tenant, ask.user().value()).orElseThrow(Logins::refused);
      write(MADE, user, ask, Differences.made(user.view()), now, sql, effects);
    }
  }

  /// Sessions that began with other roles end.
  private UserRow changed(UserRow user, OidcAsk ask, Instant now, Sql sql, Effects effects) {
    UserRow changed =
        new UserRow(
            user.tenant(),
            user.id(),
            user.passwordHash(),
            EnumSet.copyOf(ask.roles()),
            user.disabledAt(),
            user.suspended(),
            user.createdBy(),
            user.createdAt(),
            user.revision() + 1);
    users.update(sql, changed, now);
    write(CHANGED, changed, ask, Differences.of(user, changed), now, sql, effects);
    revoker.sessions(sql, effects, user.tenant(), user.id(), now);
    return changed;
  }

  /// In the words that it has for what admins do, with the provider as the actor.
  private void write(
      String action,
      UserRow user,
      OidcAsk ask,
      @Nullable RawJson changes,
      Instant now,
      Sql sql,
      Effects effects) {
    Change change =
        new Change(
            user.tenant(),
            now,
            maker(ask.issuer()),
            Proof.NONE.text(),
            action,
            user.id().value(),
            Change.OK,
            Change.NO_FIELDS,
            ask.address(),
            ask.correlationId());
    effects.sent(audit.add(sql, change, changes));
  }

  /// No user is called so: ids have no colon.
  static String maker(String issuer) {
    return "oidc:" + issuer;
  }
}
