package dev.flotilla.registry.health;

import dev.flotilla.contract.InstanceState;
import dev.flotilla.contract.InstanceWish;
import dev.flotilla.dispatch.Condition;
import dev.flotilla.identity.TenantId;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// How an instance is: a value that each [Sign] turns into the next one. No clock, no I/O.
///
/// Three things are kept apart, because each changes by itself: what the link sees, what operators
/// want, and what became of the work (the circuit). [#show] makes one state of them.
///
/// An instance that leaves properly says so first: its link sees it degraded or starting before it
/// is down. Only one that is ready and suddenly gone has failed.
///
/// @param wishReason in the operators' words
/// @param recoveringSince while it takes less than it could because it has just come back
public record Health(
    InstanceState link,
    String linkReason,
    InstanceWish wish,
    @Nullable String wishReason,
    Circuit circuit,
    @Nullable Instant recoveringSince,
    boolean failed) {

  /// What an owner knows of an instance whose link it has just opened.
  ///
  /// @param before what the owner before has told; null where there was none
  public static Health begin(@Nullable Condition before, Instant now) {
    Circuit circuit = new Circuit.Closed(Outcomes.NONE, 0, now);
    Instant ejected = before == null ? null : before.ejectedUntil();
    if (before != null) {
      circuit =
          ejected == null
              ? new Circuit.Closed(Outcomes.NONE, before.ejections(), now)
              : new Circuit.Open(ejected, before.ejections(), "it failed before its link moved");
    }
    return new Health(
        InstanceState.STARTING,
        "the link is being made",
        InstanceWish.SERVE,
        null,
        circuit,
        before == null ? null : before.recoveringSince(),
        false);
  }

  public Health after(Sign sign, Instant now, HealthRules rules) {
    return switch (sign) {
      case Sign.Looked(InstanceState seen, String reason) -> looked(seen, reason, now, rules);
      case Sign.Wished(InstanceWish wanted, String reason) ->
          new Health(link, linkReason, wanted, reason, circuit, recoveringSince, failed);
      case Sign.Worked _ -> worked(now);
      case Sign.Faulted(String why, TenantId tenant) -> with(faulted(why, tenant, now, rules));
      case Sign.Passed _ -> passed(now, rules);
    };
  }

  private Health looked(InstanceState seen, String reason, Instant now, HealthRules rules) {
    boolean broke = link == InstanceState.READY && seen == InstanceState.DOWN;
    boolean back = seen == InstanceState.READY && failed;
    Circuit next = broke ? faulted("it was lost: " + reason, null, now, rules) : circuit;
    return new Health(
        seen,
        reason,
        wish,
        wishReason,
        next,
        back ? now : recoveringSince,
        broke || (failed && !back));
  }

  private Health worked(Instant now) {
    return switch (circuit) {
      case Circuit.Closed(Outcomes outcomes, int ejections, Instant since) ->
          with(new Circuit.Closed(outcomes.worked(), ejections, since));
      case Circuit.HalfOpen(Instant _, int ejections) -> recovered(ejections, now);
      // A run from before the ejection says nothing of now.
      case Circuit.Open open -> with(open);
    };
  }

  private Circuit faulted(String why, @Nullable TenantId tenant, Instant now, HealthRules rules) {
    return switch (circuit) {
      case Circuit.Closed(Outcomes outcomes, int ejections, Instant since) -> {
        Outcomes more = outcomes.faulted(tenant);
        yield rules.trips(more)
            ? open(ejections + 1, why, now, rules)
            : new Circuit.Closed(more, ejections, since);
      }
      // What one tenant's run has come to says nothing: the trial goes on.
      case Circuit.HalfOpen trial when tenant != null -> trial;
      case Circuit.HalfOpen(Instant _, int ejections) -> open(ejections + 1, why, now, rules);
      case Circuit.Open open -> open;
    };
  }

  private static Circuit open(int ejections, String why, Instant now, HealthRules rules) {
    return new Circuit.Open(now.plus(rules.ejection(ejections)), ejections, why);
  }

  private Health passed(Instant now, HealthRules rules) {
    Instant recovering = recoveringSince;
    if (recovering != null && !now.isBefore(recovering.plus(rules.slowStart()))) {
      return new Health(link, linkReason, wish, wishReason, circuit, null, failed)
          .after(new Sign.Passed(), now, rules);
    }
    return switch (circuit) {
      case Circuit.Open(Instant until, int ejections, String _) when !now.isBefore(until) ->
          with(new Circuit.HalfOpen(now, ejections));
      // Nobody has tried it: it would stay on trial for ever.
      case Circuit.HalfOpen(Instant since, int ejections)
          when !now.isBefore(since.plus(rules.ejection(ejections))) ->
          recovered(ejections, now);
      case Circuit.Closed(Outcomes outcomes, int ejections, Instant since)
          when ejections > 0 && !now.isBefore(since.plus(rules.maxEjection())) ->
          with(new Circuit.Closed(outcomes, 0, now));
      case Circuit.Open _, Circuit.HalfOpen _, Circuit.Closed _ -> this;
    };
  }

  private Health recovered(int ejections, Instant now) {
    Circuit closed = new Circuit.Closed(Outcomes.NONE, ejections, now);
    return new Health(link, linkReason, wish, wishReason, closed, now, failed);
  }

  private Health with(Circuit next) {
    return new Health(link, linkReason, wish, wishReason, next, recoveringSince, failed);
  }

  /// True while nothing should flow to it, if its pool can spare it.
  public boolean open() {
    return circuit instanceof Circuit.Open;
  }

  /// @param before what was shown last
  /// @param max slots that it has
  /// @param spare whether its pool can do without it
  public Shown show(
      @Nullable Shown before, int max, boolean spare, Instant now, HealthRules rules) {
    Shown next = show(max, spare, now, rules);
    return before != null && before.state() == next.state()
        ? new Shown(next.state(), next.reason(), before.since(), next.slots())
        : next;
  }

  private Shown show(int max, boolean spare, Instant now, HealthRules rules) {
    if (link == InstanceState.DOWN || link == InstanceState.STARTING) {
      return new Shown(link, linkReason, now, 0);
    }
    if (wish != InstanceWish.SERVE) {
      InstanceState state =
          wish == InstanceWish.DRAIN ? InstanceState.DRAINING : InstanceState.CORDONED;
      String words = wishReason == null ? "operators want it so" : wishReason;
      return new Shown(state, words, now, 0);
    }
    if (link != InstanceState.READY) {
      return new Shown(InstanceState.DEGRADED, linkReason, now, 0);
    }
    return switch (circuit) {
      case Circuit.Open(Instant until, int ejections, String why) when spare ->
          new Shown(
              InstanceState.EJECTED,
              "ejected until %s (time %d): %s".formatted(until, ejections, why),
              now,
              0);
      case Circuit.Open(Instant _, int _, String why) ->
          onTrial("its pool cannot spare it, so it gets one run at a time: " + why, now);
      case Circuit.HalfOpen _ -> onTrial("on trial after an ejection: one run at a time", now);
      case Circuit.Closed _ -> ready(max, now, rules);
    };
  }

  private static Shown onTrial(String reason, Instant now) {
    return new Shown(InstanceState.DEGRADED, reason, now, 1);
  }

  private Shown ready(int max, Instant now, HealthRules rules) {
    Instant recovering = recoveringSince;
    if (recovering == null || rules.slowStart().isZero()) {
      return new Shown(InstanceState.READY, linkReason, now, max);
    }
    double gone = (double) Duration.between(recovering, now).toMillis();
    double share = Math.clamp(gone / rules.slowStart().toMillis(), 0.0, 1.0);
    int slots = Math.max(1, (int) (max * share));
    return slots >= max
        ? new Shown(InstanceState.READY, linkReason, now, max)
        : new Shown(
            InstanceState.READY,
            "it has just come back and takes %d of %d runs".formatted(slots, max),
            now,
            slots);
  }

  /// What the next owner of the link has to know.
  public Condition condition(int slots, @Nullable Double latencyMs) {
    Instant until = circuit instanceof Circuit.Open(Instant end, int _, String _) ? end : null;
    return new Condition(slots, latencyMs, circuit.ejections(), until, recoveringSince);
  }
}
