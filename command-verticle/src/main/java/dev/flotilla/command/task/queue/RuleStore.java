package dev.flotilla.command.task.queue;

import dev.flotilla.command.store.Sql;
import dev.flotilla.command.task.budget.PolicyStore;
import dev.flotilla.contract.Priority;
import dev.flotilla.contract.QueueResult.QueuePolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/// Reads the rules from PostgreSQL. A tenant that is suspended, or whose budget is used up, is as
/// good as paused.
public final class RuleStore {
  private static final String ANY = "*";
  private static final String PAUSES =
      """
      select tenant, level from queue_pauses
      union select id, '*' from tenants where suspended_at is not null
      order by 1, 2
      """;

  private final PolicyStore policies = new PolicyStore();

  public Rules read(Sql sql) {
    List<String> pauses = new ArrayList<>();
    sql.run(PAUSES)
        .forEach(row -> pauses.add(row.getString("tenant") + "|" + level(row.getString("level"))));
    List<Rules.Share> shares = new ArrayList<>();
    for (QueuePolicy policy : policies.all(sql)) {
      String tenant = policy.tenant() == null ? ANY : policy.tenant().value();
      if (policy.overBudget() && !pauses.contains(tenant + "|" + ANY)) {
        pauses.add(tenant + "|" + ANY);
      }
      int cap = Objects.requireNonNullElse(policy.maxRunning(), 0);
      shares.add(new Rules.Share(tenant, policy.weight(), cap));
    }
    return new Rules(pauses, shares);
  }

  private static String level(String name) {
    return name.equals(ANY) ? ANY : Integer.toString(Ticket.level(Priority.named(name)));
  }
}
