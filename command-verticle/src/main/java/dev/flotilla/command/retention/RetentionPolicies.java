package dev.flotilla.command.retention;

import dev.flotilla.command.ops.Whose;
import dev.flotilla.command.pipeline.CommandContext;
import dev.flotilla.config.FleetConfig.Command.Retention;
import dev.flotilla.contract.Kept;
import dev.flotilla.contract.RetentionCommand;
import dev.flotilla.contract.RetentionResult.Keeping;
import dev.flotilla.contract.RetentionResult.RetentionPolicy;
import dev.flotilla.identity.TenantId;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;

/// How long each kind is kept: what the tenant has set or else what the fleet does.
public final class RetentionPolicies {
  private final RetentionStore store = new RetentionStore();
  private final Retention fleet;

  public RetentionPolicies(Retention fleet) {
    this.fleet = fleet;
  }

  public RetentionPolicy handle(RetentionCommand command, CommandContext context) {
    return switch (command) {
      case RetentionCommand.RetentionGet(var tenant) ->
          policy(Whose.tenant(tenant, context), context);
      case RetentionCommand.RetentionSet set -> set(set, context);
    };
  }

  private RetentionPolicy set(RetentionCommand.RetentionSet command, CommandContext context) {
    TenantId tenant = Whose.tenant(command.tenant(), context);
    RetentionPolicy before = policy(tenant, context);
    Integer days = command.days();
    if (days == null) {
      store.clear(context.sql(), tenant, command.kind());
    } else {
      String by = context.principal().user().value();
      store.set(context.sql(), tenant, command.kind(), days, by, context.now());
    }
    RetentionPolicy after = policy(tenant, context);
    context.changed(of(before, command.kind()), of(after, command.kind()));
    return after;
  }

  private static Keeping of(RetentionPolicy policy, Kept kind) {
    return policy.items().stream().filter(each -> each.kind() == kind).findFirst().orElseThrow();
  }

  private RetentionPolicy policy(TenantId tenant, CommandContext context) {
    Map<Kept, Integer> own = store.find(context.sql(), tenant);
    return new RetentionPolicy(
        tenant,
        Arrays.stream(Kept.values())
            .map(kind -> new Keeping(kind, days(own, kind), own.containsKey(kind)))
            .toList());
  }

  /// 0 is for ever.
  int days(Map<Kept, Integer> own, Kept kind) {
    Integer days = own.get(kind);
    return days == null ? (int) fleet(kind).toDays() : days;
  }

  private Duration fleet(Kept kind) {
    return switch (kind) {
      case ACTIVITY -> fleet.activity();
      case TASKS -> fleet.tasks();
      case DEAD_LETTERS -> fleet.deadLetters();
      case THREADS -> fleet.threads();
      case AUDIT -> fleet.audit();
    };
  }
}
