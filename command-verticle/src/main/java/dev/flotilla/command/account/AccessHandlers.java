package dev.flotilla.command.account;

import dev.flotilla.command.pipeline.CommandContext;
import dev.flotilla.contract.AccessCommand;
import dev.flotilla.contract.Result;

/// The handlers of commands about who may come in.
public record AccessHandlers(UserDesk users, SessionDesk sessions, KeyDesk keys, ReadAudit audit) {

  public Result handle(AccessCommand command, CommandContext context) {
    return switch (command) {
      case AccessCommand.UserCreate c -> users.create(c, context);
      case AccessCommand.UserGet c -> users.get(c, context);
      case AccessCommand.UserList c -> users.list(c, context);
      case AccessCommand.UserUpdate c -> users.update(c, context);
      case AccessCommand.UserDisable c -> users.disable(c, context);
      case AccessCommand.UserRevoke c -> users.revoke(c, context);
      case AccessCommand.LoginList c -> sessions.list(c, context);
      case AccessCommand.LoginRevoke c -> sessions.revoke(c, context);
      case AccessCommand.ApiKeyCreate c -> keys.create(c, context);
      case AccessCommand.ApiKeyList c -> keys.list(c, context);
      case AccessCommand.ApiKeyRevoke c -> keys.revoke(c, context);
      case AccessCommand.AuditList c -> audit.list(c, context);
    };
  }
}
