package dev.flotilla.command.account;

import dev.flotilla.command.pipeline.CommandContext;
import dev.flotilla.contract.AccessCommand;
import dev.flotilla.contract.AccessResult;
import dev.flotilla.fault.Fault;
import java.util.Objects;

/// Logins of the caller's tenant.
public record SessionDesk(UserStore users, SessionStore sessions, Revoker revoker) {
  private static final int PAGE = 50;

  AccessResult.LoginPage list(AccessCommand.LoginList asked, CommandContext context) {
    String user = asked.user() == null ? null : asked.user().value();
    int limit = Objects.requireNonNullElse(asked.limit(), PAGE);
    return new AccessResult.LoginPage(
        sessions.open(context.sql(), context.tenant(), user, context.now(), limit).stream()
            .map(SessionRow::view)
            .toList());
  }

  AccessResult.LoginRevoked revoke(AccessCommand.LoginRevoke asked, CommandContext context) {
    SessionRow session =
        sessions
            .lock(context.sql(), context.tenant(), asked.id())
            .orElseThrow(() -> Fault.notFound("session", asked.id()).asException());
    users
        .find(context.sql(), context.tenant(), session.user().value())
        .ifPresent(user -> UserDesk.requireGrantable(user.roles(), context));
    revoker.end(context.sql(), context.effects(), session, "revoked", context.now());
    return new AccessResult.LoginRevoked(asked.id());
  }
}
