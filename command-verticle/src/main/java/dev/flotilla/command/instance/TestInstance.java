package dev.flotilla.command.instance;

import dev.flotilla.bus.Addresses;
import dev.flotilla.bus.Bus;
import dev.flotilla.command.pipeline.CommandContext;
import dev.flotilla.contract.InstanceCommand;
import dev.flotilla.contract.InstanceResult.InstanceTested;
import dev.flotilla.dispatch.ConnectionTest;
import dev.flotilla.egress.Target;
import dev.flotilla.fault.Fault;
import dev.flotilla.identity.InstanceId;
import dev.flotilla.identity.Scope;
import java.time.Duration;

/// Has a registry node connect to an instance once, and says what happened.
///
/// @param limit how long the answer may take
public record TestInstance(InstanceStore store, Bus bus, Duration limit) {

  public InstanceTested handle(InstanceCommand.InstanceTest command, CommandContext context) {
    InstanceId id = command.id();
    if (id == null) {
      if (command.url() == null || command.token() == null) {
        throw Fault.invalid("url", "Give the id of an instance, or a url with a token.")
            .asException();
      }
      Target.requireInstance(command.url());
    } else {
      requireStored(id, command, context);
    }
    ConnectionTest test = new ConnectionTest(id, command.url(), command.token());
    return bus.ask(Addresses.TEST_CONNECTION, test, limit).await();
  }

  private void requireStored(
      InstanceId id, InstanceCommand.InstanceTest command, CommandContext context) {
    if (command.url() != null || command.token() != null) {
      throw Fault.invalid("id", "Give either an id, or a url with a token.").asException();
    }
    InstanceRow row =
        store.find(context.sql(), context.tenant(), id).orElseThrow(() -> GetInstance.notFound(id));
    if (row.shared()) {
      context.principal().require(Scope.FLEET_ADMIN);
    }
  }
}
