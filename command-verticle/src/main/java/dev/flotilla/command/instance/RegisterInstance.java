package dev.flotilla.command.instance;

import dev.flotilla.bus.Addresses;
import dev.flotilla.bus.Bell;
import dev.flotilla.bus.Bus;
import dev.flotilla.command.pipeline.CommandContext;
import dev.flotilla.config.Secret;
import dev.flotilla.contract.Command;
import dev.flotilla.contract.Fact;
import dev.flotilla.contract.InstanceChange;
import dev.flotilla.contract.InstanceState;
import dev.flotilla.contract.InstanceWish;
import dev.flotilla.contract.Result.InstanceView;
import dev.flotilla.credential.DeviceKeys;
import dev.flotilla.credential.Label;
import dev.flotilla.credential.Vault;
import dev.flotilla.egress.Egress;
import dev.flotilla.egress.Target;
import dev.flotilla.fault.Fault;
import dev.flotilla.fault.Reason;
import dev.flotilla.identity.Scope;
import java.util.List;
import java.util.Objects;

/// Makes an instance part of the fleet. A registry node connects to it when the bell rings.
public record RegisterInstance(
    InstanceStore store, InstanceViews views, Vault vault, Egress egress, Bus bus) {
  public static final int DEFAULT_CONCURRENCY = 4;
  public static final int FULL_WEIGHT = 100;

  public InstanceView handle(Command.InstanceRegister command, CommandContext context) {
    boolean shared = Boolean.TRUE.equals(command.shared());
    if (shared) {
      context.principal().require(Scope.FLEET_ADMIN);
    }
    Target.requireInstance(command.url());
    egress.requireAllowed(command.url());
    InstanceRow row = row(command, shared, context);
    if (!store.insert(
        context.sql(),
        row,
        vault.seal(new Secret(command.token()), Label.token(row.tenant(), row.id())),
        vault.seal(DeviceKeys.generate(), Label.deviceKey(row.tenant(), row.id())),
        context.principal().user().value())) {
      throw Fault.of(
              Reason.ALREADY_EXISTS, "The instance id '" + command.id() + "' is already in use.")
          .asException();
    }
    context.record(
        new Fact.InstanceChanged(
            InstanceChange.REGISTERED, row.id(), InstanceState.STARTING, "registered"));
    context.effects().afterCommit(() -> bus.publish(Addresses.INSTANCES_CHANGED, new Bell()));
    return views.fresh(row);
  }

  private static InstanceRow row(
      Command.InstanceRegister command, boolean shared, CommandContext context) {
    return new InstanceRow(
        command.id(),
        context.tenant(),
        shared,
        command.url(),
        command.region(),
        command.zone(),
        Objects.requireNonNullElse(command.capabilities(), List.of()),
        Objects.requireNonNullElse(command.maxConcurrency(), DEFAULT_CONCURRENCY),
        1,
        context.now(),
        Objects.requireNonNullElse(command.labels(), List.of()),
        Objects.requireNonNullElse(command.weight(), FULL_WEIGHT),
        InstanceWish.SERVE,
        null,
        null,
        null);
  }
}
