package dev.flotilla.registry.health;

import dev.flotilla.identity.TenantId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What became of the last runs, at most [#WINDOW] of them, the newest first.
///
/// Where tenants share the instance, a fault names its tenant: each one's own prompts may be what
/// fails, so the faults of one count as half of what ejects an instance at the most. The others
/// must be those of another tenant.
public record Outcomes(List<Outcome> last) {
  static final int WINDOW = 20;
  static final Outcomes NONE = new Outcomes(List.of());

  /// @param tenant whose run has failed; null where that can only be the instance's fault
  record Outcome(boolean fault, @Nullable TenantId tenant) {}

  public Outcomes {
    last = List.copyOf(last);
  }

  Outcomes worked() {
    return with(new Outcome(false, null));
  }

  Outcomes faulted(@Nullable TenantId tenant) {
    return with(new Outcome(true, tenant));
  }

  private Outcomes with(Outcome newest) {
    List<Outcome> next = new ArrayList<>(WINDOW);
    next.add(newest);
    next.addAll(last.subList(0, Math.min(last.size(), WINDOW - 1)));
    return new Outcomes(next);
  }

  /// True where there are so many faults since the last run that went well.
  boolean hasInRow(int faults) {
    int run = 0;
    while (run < last.size() && last.get(run).fault()) {
      run++;
    }
    return weigh(last.subList(0, run), faults) >= faults;
  }

  /// At least half of a number of runs that says something.
  boolean halfFailed() {
    int half = (last.size() + 1) / 2;
    return last.size() >= WINDOW / 2 && weigh(last, half) >= half;
  }

  /// How many faults there are, where it takes so many.
  private static int weigh(List<Outcome> outcomes, int needed) {
    int most = (needed + 1) / 2;
    Map<TenantId, Integer> counted = new HashMap<>();
    int sum = 0;
    for (Outcome outcome : outcomes) {
      TenantId tenant = outcome.tenant();
      if (outcome.fault() && (tenant == null || counted.merge(tenant, 1, Integer::sum) <= most)) {
        sum++;
      }
    }
    return sum;
  }
}
