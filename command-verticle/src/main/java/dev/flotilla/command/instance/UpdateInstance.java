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
import dev.flotilla.credential.Label;
import dev.flotilla.credential.Vault;
import dev.flotilla.egress.Egress;
import dev.flotilla.egress.Target;
import dev.flotilla.fault.Fault;
import dev.flotilla.fault.Reason;
import dev.flotilla.identity.Scope;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Changes what is wanted of an instance. Where its token changes, its link is made anew, and the
/// runs there are found again by it; its address changes only while it has none.
public record UpdateInstance(
    InstanceStore store, InstanceViews views, Vault vault, Egress egress, Bus bus) {

  public InstanceView handle(InstanceCommand.InstanceUpdate command, CommandContext context) {
    InstanceRow row = store.lock(command.id(), context);
    if (Boolean.TRUE.equals(command.shared())) {
      context.principal().require(Scope.FLEET_ADMIN);
    }
    requireNewest(command.revision(), row);
    List<String> changed = changed(command);
    if (changed.isEmpty()) {
      throw Fault.invalid("id", "Say what to change of the instance.").asException();
    }
    if (command.url() != null) {
      Target.requireInstance(command.url());
      egress.requireAllowed(command.url());
      requireTokenForNewAddress(command, row);
      requireNothingLeftBehind(command.url(), row, context);
    }
    InstanceRow next = merged(row, command);
    String token = command.token();
    String credential =
        token == null ? null : vault.seal(new Secret(token), Label.token(row.tenant(), row.id()));
    store.update(context.sql(), next, credential);
    context.changed(row, next);
    context.record(
        row.tenant(),
        new Fact.InstanceChanged(
            InstanceChange.UPDATED, row.id(), null, "changed: " + String.join(", ", changed)));
    context.effects().afterCommit(() -> bus.publish(Addresses.INSTANCES_CHANGED, new Bell()));
    return views.merge(List.of(next), context.tenant()).getFirst();
  }

  private static void requireNothingLeftBehind(URI next, InstanceRow row, CommandContext context) {
    String problem = Relocation.problem(context.sql(), row.id(), row.wish(), row.url(), next);
    if (problem != null) {
      throw Fault.of(Reason.WRONG_STATE, "Instance '%s': %s.".formatted(row.id().value(), problem))
          .asException();
    }
  }

  /// A stored token is nobody's to read, and an address is told the token.
  private static void requireTokenForNewAddress(
      InstanceCommand.InstanceUpdate command, InstanceRow row) {
    if (command.token() == null && !row.url().equals(command.url())) {
      throw Fault.invalid("token", "A new url needs its token with it.").asException();
    }
  }

  private static void requireNewest(@Nullable Long meant, InstanceRow row) {
    if (meant != null && meant != row.revision()) {
      throw Fault.of(
              Reason.STALE_REVISION,
              "Instance '%s' has revision %d, not %d."
                  .formatted(row.id().value(), row.revision(), meant))
          .asException();
    }
  }

  /// The names of what is given: never a value, a credential is among them.
  private static List<String> changed(InstanceCommand.InstanceUpdate command) {
    List<String> names = new ArrayList<>();
    add(names, "url", command.url());
    add(names, "token", command.token());
    add(names, "region", command.region());
    add(names, "zone", command.zone());
    add(names, "capabilities", command.capabilities());
    add(names, "maxConcurrency", command.maxConcurrency());
    add(names, "shared", command.shared());
    add(names, "labels", command.labels());
    add(names, "weight", command.weight());
    return names;
  }

  private static void add(List<String> names, String name, @Nullable Object given) {
    if (given != null) {
      names.add(name);
    }
  }

  private static InstanceRow merged(InstanceRow row, InstanceCommand.InstanceUpdate command) {
    return new InstanceRow(
        row.id(),
        row.tenant(),
        Objects.requireNonNullElse(command.shared(), row.shared()),
        Objects.requireNonNullElse(command.url(), row.url()),
        place(command.region(), row.region()),
        place(command.zone(), row.zone()),
        Objects.requireNonNullElse(command.capabilities(), row.capabilities()),
        Objects.requireNonNullElse(command.maxConcurrency(), row.maxConcurrency()),
        row.revision() + 1,
        row.createdAt(),
        Objects.requireNonNullElse(command.labels(), row.labels()),
        Objects.requireNonNullElse(command.weight(), row.weight()),
        row.wish(),
        row.wishReason(),
        row.drainBy(),
        row.drainedAt());
  }

  private static @Nullable String place(@Nullable String given, @Nullable String before) {
    if (given == null) {
      return before;
    }
    return given.isEmpty() ? null : given;
  }
}
