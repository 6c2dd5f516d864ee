package dev.flotilla.command.instance;

import dev.flotilla.bus.Addresses;
import dev.flotilla.bus.Bell;
import dev.flotilla.bus.Bus;
import dev.flotilla.command.pipeline.CommandContext;
import dev.flotilla.contract.Fact;
import dev.flotilla.contract.InstanceChange;
import dev.flotilla.contract.InstanceWish;
import dev.flotilla.contract.OpsCommand;
import dev.flotilla.contract.Result.InstanceView;
import dev.flotilla.identity.InstanceId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Writes down what operators want of an instance. The owner of its link sees to it when the bell
/// rings; the wish outlives every restart.
public record WishInstance(InstanceStore store, InstanceViews views, Bus bus) {
  private static final Duration DRAIN_TIME = Duration.ofMinutes(10);

  public InstanceView handle(OpsCommand.InstanceCordon command, CommandContext context) {
    return wish(command.id(), InstanceWish.CORDON, command.reason(), null, context);
  }

  public InstanceView handle(OpsCommand.InstanceUncordon command, CommandContext context) {
    return wish(command.id(), InstanceWish.SERVE, null, null, context);
  }

  public InstanceView handle(OpsCommand.InstanceDrain command, CommandContext context) {
    Long limit = command.deadlineMs();
    Duration time = limit == null ? DRAIN_TIME : Duration.ofMillis(limit);
    Instant by = context.now().plus(time);
    return wish(command.id(), InstanceWish.DRAIN, command.reason(), by, context);
  }

  private InstanceView wish(
      InstanceId id,
      InstanceWish wish,
      @Nullable String reason,
      @Nullable Instant drainBy,
      CommandContext context) {
    InstanceRow row = store.lock(id, context);
    InstanceRow now =
        store.wish(
            context.sql(),
            id,
            wish,
            reason,
            context.principal().user().value(),
            context.now(),
            drainBy);
    context.changed(row, now);
    context.record(
        row.tenant(),
        new Fact.InstanceChanged(InstanceChange.DESIRED, id, null, words(wish, reason, drainBy)));
    context.effects().afterCommit(() -> bus.publish(Addresses.INSTANCES_CHANGED, new Bell()));
    return views.merge(List.of(now), context.tenant()).getFirst();
  }

  private static String words(
      InstanceWish wish, @Nullable String reason, @Nullable Instant drainBy) {
    String words =
        switch (wish) {
          case SERVE -> "it is to take work";
          case CORDON -> "it is to take nothing new";
          case DRAIN -> "it is to be empty by " + drainBy;
        };
    return reason == null ? words : words + ": " + reason;
  }
}
