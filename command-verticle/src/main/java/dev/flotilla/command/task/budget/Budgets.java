package dev.flotilla.command.task.budget;

import dev.flotilla.command.store.Sql;
import dev.flotilla.contract.OverBudget;
import dev.flotilla.fault.Fault;
import dev.flotilla.fault.Reason;
import dev.flotilla.identity.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Lets new tasks in, or not, as the policies of their tenant and of the fleet say.
public record Budgets(PolicyStore policies) {
  private static final Duration QUEUE_RETRY = Duration.ofSeconds(10);

  private static final String QUEUED =
      """
      select count(*) from tasks where state in ('pending', 'scheduled', 'retrying')
        and ($1 = '*' or tenant = $1)
      """;

  /// New tasks that are let in.
  ///
  /// @param notBefore the time before which they may not start; null where they may at once
  /// @param counted a policy counts them
  public record Admission(@Nullable Instant notBefore, boolean counted) {}

  public Admission admit(Sql sql, TenantId tenant, int tasks, Instant now) {
    List<Policy> rules = policies.lock(sql, tenant.value());
    boolean wait = false;
    for (Policy policy : rules) {
      checkQueued(sql, policy, tasks);
      checkDay(policy, now);
      wait |= overHour(policy, tasks, now);
    }
    return new Admission(wait ? nextHour(now) : null, !rules.isEmpty());
  }

  /// They were created.
  public void count(Sql sql, TenantId tenant, int tasks, Admission admission) {
    if (admission.counted()) {
      policies.created(sql, tenant.value(), tasks);
    }
  }

  private static void checkQueued(Sql sql, Policy policy, int tasks) {
    Integer max = policy.maxQueued();
    if (max == null) {
      return;
    }
    long queued = sql.run(QUEUED, policy.tenant()).iterator().next().getLong(0);
    if (queued + tasks > max) {
      throw refusal(
          "%d tasks of %s wait already, and %d may.".formatted(queued, policy.owner(), max),
          QUEUE_RETRY);
    }
  }

  private static void checkDay(Policy policy, Instant now) {
    if (policy.over() == OverBudget.REFUSE && policy.dayIsOver()) {
      throw refusal(
          "The tokens or the cost of the day are used up for %s.".formatted(policy.owner()),
          Duration.between(now, now.truncatedTo(ChronoUnit.DAYS).plus(1, ChronoUnit.DAYS)));
    }
  }

  private static boolean overHour(Policy policy, int tasks, Instant now) {
    Integer max = policy.maxHourly();
    if (max == null || policy.usedHourly() + tasks <= max) {
      return false;
    }
    if (policy.over() == OverBudget.QUEUE) {
      return true;
    }
    throw refusal(
        "%d tasks were created in this hour for %s, and %d may be."
            .formatted(policy.usedHourly(), policy.owner(), max),
        Duration.between(now, nextHour(now)));
  }

  private static Instant nextHour(Instant now) {
    return now.truncatedTo(ChronoUnit.HOURS).plus(1, ChronoUnit.HOURS);
  }

  private static RuntimeException refusal(String message, Duration retryAfter) {
    return Fault.retryLater(Reason.BUDGET_EXCEEDED, message, retryAfter).asException();
  }
}
