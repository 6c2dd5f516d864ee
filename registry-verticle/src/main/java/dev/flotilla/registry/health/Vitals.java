package dev.flotilla.registry.health;

import dev.flotilla.dispatch.Condition;
import dev.flotilla.dispatch.RunOrder;
import dev.flotilla.dispatch.RunState;
import dev.flotilla.registry.link.Observation;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Keeps the [Health] of one instance at its link's owner: makes signs of what the link tells and
/// of what becomes of the runs. Confined to the owner's context.
public final class Vitals {
  /// How much the newest latency counts.
  private static final double WEIGHT = 0.2;

  private record Open(RunOrder order, Instant at, boolean heard) {}

  private final Map<String, Open> open = new LinkedHashMap<>();
  private final HealthRules rules;
  private final Clock clock;
  private final boolean shared;
  private Health health;
  private @Nullable Shown shown;
  private @Nullable Double latencyMs;

  /// @param before what the owner before has told of it
  /// @param shared whether several tenants use it
  public Vitals(@Nullable Condition before, HealthRules rules, Clock clock, boolean shared) {
    this.rules = rules;
    this.shared = shared;
    this.clock = clock;
    this.health = Health.begin(before, clock.instant());
    this.latencyMs = before == null ? null : before.latencyMs();
  }

  /// A run was given to the instance, or is asked after.
  ///
  /// @param order the newest one: its holder may be another node now
  public void ordered(RunOrder order, RunState state) {
    Open known = open.get(order.runId());
    boolean taken =
        state instanceof RunState.Going || (known != null && state instanceof RunState.Unreachable);
    if (taken) {
      boolean heard = known == null ? order.mayExist() : known.heard();
      Instant since = known == null ? clock.instant() : known.at();
      open.put(order.runId(), new Open(order, since, heard));
    }
  }

  /// The run shows a first sign of life: that is how long the instance took to begin it.
  public void heard(RunOrder order) {
    Open run = open.get(order.runId());
    if (run == null || run.heard()) {
      return;
    }
    open.put(order.runId(), new Open(run.order(), run.at(), true));
    double took = Duration.between(run.at(), clock.instant()).toNanos() / 1e6;
    Double before = latencyMs;
    latencyMs = before == null ? took : before + WEIGHT * (took - before);
  }

  public void ended(RunOrder order, RunState state) {
    Open run = open.remove(order.runId());
    if (run == null) {
      return;
    }
    Sign sign = sign(run, state);
    if (sign != null) {
      take(sign);
    }
  }

  /// Aborts were asked for, and what was interrupted was counted when the link was lost. A run that
  /// was at work when its time was over has hit the limit of its task.
  private @Nullable Sign sign(Open run, RunState state) {
    return switch (state) {
      case RunState.Succeeded _ -> new Sign.Worked();
      case RunState.Failed(String reason, String message, boolean _)
          when reason.equals("RUN_FAILED") || (reason.equals("RUN_TIMEOUT") && !run.heard()) ->
          new Sign.Faulted(reason + ": " + message, shared ? run.order().tenant() : null);
      case RunState.Refused(String why) -> new Sign.Faulted("it refused a run: " + why);
      case RunState.Failed _, RunState.Aborted _, RunState.Going _, RunState.Unreachable _ -> null;
    };
  }

  public void take(Sign sign) {
    health = health.after(sign, clock.instant(), rules);
  }

  /// What is to be told now.
  ///
  /// @param spare whether the pool can do without it
  public Shown show(Observation seen, int max, boolean spare) {
    if (health.link() != seen.state() || !health.linkReason().equals(seen.reason())) {
      take(new Sign.Looked(seen.state(), seen.reason()));
    }
    take(new Sign.Passed());
    Shown next = health.show(shown, max, spare, clock.instant(), rules);
    shown = next;
    return next;
  }

  /// True while nothing should flow to it, if its pool can spare it.
  public boolean wantsOut() {
    return health.open();
  }

  public Condition condition(int slots) {
    return health.condition(slots, latencyMs);
  }

  /// True for a run that was given to it and has not ended.
  public boolean knows(String runId) {
    return open.containsKey(runId);
  }

  /// Runs that were given to it and have not ended.
  public Collection<RunOrder> open() {
    return List.copyOf(open.values()).stream().map(Open::order).toList();
  }
}
