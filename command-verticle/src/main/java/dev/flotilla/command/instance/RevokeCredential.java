package dev.flotilla.command.instance;

import dev.flotilla.bus.Addresses;
import dev.flotilla.bus.Bell;
import dev.flotilla.bus.Bus;
import dev.flotilla.command.pipeline.CommandContext;
import dev.flotilla.config.Secret;
import dev.flotilla.contract.Fact;
import dev.flotilla.contract.InstanceChange;
import dev.flotilla.contract.InstanceCommand;
import dev.flotilla.contract.Result.InstanceView;
import dev.flotilla.credential.DeviceKeys;
import dev.flotilla.credential.Label;
import dev.flotilla.credential.Vault;
import dev.flotilla.fault.Fault;
import dev.flotilla.fault.FaultException;
import dev.flotilla.fault.Reason;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Forgets by what the fleet gets into an instance. An empty token stands for none, which nobody
/// can set; a new device key is made at once, so that a new token is all that is needed.
public record RevokeCredential(InstanceStore store, InstanceViews views, Vault vault, Bus bus) {
  private static final Secret NOTHING = new Secret("");

  public InstanceView handle(
      InstanceCommand.InstanceCredentialRevoke command, CommandContext context) {
    InstanceRow row = store.lock(command.id(), context);
    Label token = Label.token(row.tenant(), row.id());
    if (isRevoked(store.credential(context.sql(), row.id()), token)) {
      throw Fault.of(
              Reason.WRONG_STATE,
              "Instance '%s' has no credential: it was revoked.".formatted(row.id().value()))
          .asException();
    }
    InstanceRow now =
        store.revoke(
            context.sql(),
            row.id(),
            vault.seal(NOTHING, token),
            vault.seal(DeviceKeys.generate(), Label.deviceKey(row.tenant(), row.id())));
    context.changed(row, now);
    context.record(
        row.tenant(),
        new Fact.InstanceChanged(InstanceChange.UPDATED, row.id(), null, words(command.reason())));
    context.effects().afterCommit(() -> bus.publish(Addresses.INSTANCES_CHANGED, new Bell()));
    return views.merge(List.of(now), context.tenant()).getFirst();
  }

  private static String words(@Nullable String reason) {
    String words = "its credential was revoked";
    return reason == null ? words : words + ": " + reason;
  }

  /// What no key opens can be revoked, too.
  private boolean isRevoked(@Nullable String sealed, Label label) {
    try {
      return sealed != null && vault.open(sealed, label).reveal().isEmpty();
    } catch (FaultException unreadable) {
      return false;
    }
  }
}
