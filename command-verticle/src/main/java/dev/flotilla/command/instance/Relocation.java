package dev.flotilla.command.instance;

import dev.flotilla.command.store.Sql;
import dev.flotilla.contract.InstanceWish;
import dev.flotilla.identity.InstanceId;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/// Whether an instance may get another address. Runs are found again by the instance that they were
/// given to: behind a new address nobody may know them, and they would be made a second time.
public final class Relocation {
  // Not only what runs: a task that waits to be taken up again goes on with its run.
  private static final String RUNS =
      """
      select count(*) from tasks where run_instance = $1 and run_id is not null
        and state in ('pending', 'scheduled', 'retrying', 'running')
      """;
  private static final String USED =
      "select exists (select 1 from task_attempts where instance = $1)";

  private Relocation() {}

  /// @return why it may not; null where it may, or stays where it is
  public static @Nullable String problem(
      Sql sql, InstanceId id, InstanceWish wish, URI before, URI after) {
    if (before.equals(after)) {
      return null;
    }
    long runs = sql.run(RUNS, id.value()).iterator().next().getLong(0);
    if (runs > 0) {
      return "its url cannot change while it has runs of %d tasks: drain it first".formatted(runs);
    }
    // A run may start there the moment after it was looked, unless the owner of the link refuses.
    return wish == InstanceWish.SERVE && sql.run(USED, id.value()).iterator().next().getBoolean(0)
        ? "its url cannot change while it takes work: cordon or drain it first"
        : null;
  }
}
