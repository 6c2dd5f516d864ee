package dev.flotilla.command.instance;

import dev.flotilla.bus.Addresses;
import dev.flotilla.bus.Bell;
import dev.flotilla.bus.Bus;
import dev.flotilla.command.pipeline.CommandContext;
import dev.flotilla.contract.Command;
import dev.flotilla.contract.Fact;
import dev.flotilla.contract.InstanceChange;
import dev.flotilla.contract.Result.InstanceRemoved;

/// Takes an instance out of the fleet. Its runs are over for the fleet, whatever becomes of them.
public record RemoveInstance(InstanceStore store, Bus bus) {

  public InstanceRemoved handle(Command.InstanceRemove command, CommandContext context) {
    InstanceRow row = store.lock(command.id(), context);
    store.delete(context.sql(), row.id());
    context.record(
        row.tenant(), new Fact.InstanceChanged(InstanceChange.REMOVED, row.id(), null, "removed"));
    context.effects().afterCommit(() -> bus.publish(Addresses.INSTANCES_CHANGED, new Bell()));
    return new InstanceRemoved(row.id());
  }
}
