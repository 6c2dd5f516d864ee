package dev.flotilla.command.instance;

import dev.flotilla.command.pipeline.CommandContext;
import dev.flotilla.contract.InstanceCommand;
import dev.flotilla.contract.Result;

/// What can be asked about an instance after it was registered.
public record InstanceDesk(UpdateInstance update, RevokeCredential revoke, TestInstance test) {
  public Result handle(InstanceCommand command, CommandContext context) {
    return switch (command) {
      case InstanceCommand.InstanceUpdate c -> update.handle(c, context);
      case InstanceCommand.InstanceCredentialRevoke c -> revoke.handle(c, context);
      case InstanceCommand.InstanceTest c -> test.handle(c, context);
    };
  }
}
