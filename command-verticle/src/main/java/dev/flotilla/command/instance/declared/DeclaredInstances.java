package dev.flotilla.command.instance.declared;

import dev.flotilla.command.store.Effects;
import dev.flotilla.command.store.Transactions;
import dev.flotilla.contract.Fact;
import dev.flotilla.contract.InstanceChange;
import dev.flotilla.contract.InstanceState;
import dev.flotilla.credential.Vault;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Makes the table of instances say what the file says, in one transaction and with the events that
/// the commands would cause. Registered instances that no file has ever declared are left alone.
///
/// @param onChange tells the registry, after the commit
public record DeclaredInstances(
    Transactions transactions, Vault vault, Clock clock, Runnable onChange) {
  static final String ACTOR = "instances-file";

  /// What was found to be different.
  ///
  /// @param lines one for each difference, for people
  /// @param refused true where the file wants what cannot be
  /// @param waiting true where some of it is left for later
  public record Outcome(List<String> lines, boolean refused, boolean waiting) {
    static Outcome of(List<Step> steps) {
      return new Outcome(
          steps.stream().map(Step::line).filter(Objects::nonNull).toList(),
          steps.stream().anyMatch(step -> step instanceof Step.Refuse),
          steps.stream().anyMatch(step -> step instanceof Step.Wait));
    }
  }

  /// What [#apply] would do now.
  public Outcome plan(InstancesFile file) {
    return transactions.run((sql, _) -> Outcome.of(new Comparison(vault, sql).of(file)));
  }

  /// Does everything or, where one thing cannot be done, nothing.
  public Outcome apply(InstancesFile file) {
    return transactions.run(
        (sql, effects) -> {
          List<Step> steps = new Comparison(vault, sql).of(file);
          Outcome outcome = Outcome.of(steps);
          if (!outcome.refused()) {
            DeclaredTable table = new DeclaredTable(vault, sql, clock.instant());
            steps.forEach(step -> take(step, table, effects));
            if (!steps.isEmpty()) {
              effects.afterCommit(onChange);
            }
          }
          return outcome;
        });
  }

  private static void take(Step step, DeclaredTable table, Effects effects) {
    switch (step) {
      case Step.Add(Declared wanted) -> {
        table.add(wanted);
        tell(effects, wanted, InstanceChange.REGISTERED, InstanceState.STARTING, "declared");
      }
      case Step.Change change -> {
        table.change(change.wanted(), change.newToken());
        String reason = "changed: " + String.join(", ", change.changes());
        tell(effects, change.wanted(), InstanceChange.UPDATED, null, reason);
      }
      case Step.Remove remove -> {
        table.remove(remove.id());
        Fact fact =
            new Fact.InstanceChanged(
                InstanceChange.REMOVED, remove.id(), null, "no longer declared");
        effects.record(remove.tenant(), fact, ACTOR, null);
      }
      case Step.Leave _, Step.Wait _, Step.Refuse _ -> {}
    }
  }

  private static void tell(
      Effects effects,
      Declared wanted,
      InstanceChange change,
      @Nullable InstanceState state,
      String reason) {
    effects.record(
        wanted.tenant(), new Fact.InstanceChanged(change, wanted.id(), state, reason), ACTOR, null);
  }
}
