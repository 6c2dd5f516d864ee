package dev.flotilla.command.tenant;

import dev.flotilla.command.pipeline.CommandContext;
import dev.flotilla.contract.Result;
import dev.flotilla.contract.TenantCommand;

/// The handlers of commands about tenants as a whole.
public record TenantHandlers(TenantDesk desk, TenantExport export) {

  public Result handle(TenantCommand command, CommandContext context) {
    return switch (command) {
      case TenantCommand.TenantCreate c -> desk.create(c, context);
      case TenantCommand.TenantList c -> desk.list(c, context);
      case TenantCommand.TenantGet c -> desk.get(c, context);
      case TenantCommand.TenantUpdate c -> desk.update(c, context);
      case TenantCommand.TenantSuspend c -> desk.suspend(c, context);
      case TenantCommand.TenantResume c -> desk.resume(c, context);
      case TenantCommand.TenantDelete c -> desk.delete(c, context);
      case TenantCommand.TenantExport c -> export.page(c, context);
    };
  }
}
