package dev.flotilla.command.store;

import dev.flotilla.contract.Fact;
import dev.flotilla.identity.TenantId;
import dev.flotilla.log.EventLog.Draft;
import dev.flotilla.wire.RawJson;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What a transaction causes beside its rows: events, which commit with it, and actions after it.
public final class Effects {
  private final SortedMap<TenantId, List<Draft>> drafts =
      new TreeMap<>(Comparator.comparing(TenantId::value));
  private final List<Runnable> actions = new ArrayList<>();
  private final List<Future<?>> sent = new ArrayList<>();
  private @Nullable RawJson changes;

  public void record(
      TenantId tenant, Fact fact, @Nullable String actor, @Nullable String correlationId) {
    drafts
        .computeIfAbsent(tenant, _ -> new ArrayList<>())
        .add(new Draft(fact, actor, correlationId));
  }

  /// Runs once the transaction has committed. It must not block: start what takes time.
  public void afterCommit(Runnable action) {
    actions.add(action);
  }

  /// A statement whose outcome is looked at before the commit only.
  public void sent(Future<?> statement) {
    sent.add(statement);
  }

  /// What differs now from before, for the audit log.
  public void changed(@Nullable RawJson differences) {
    changes = differences;
  }

  public @Nullable RawJson changes() {
    return changes;
  }

  /// Drops what was recorded: its cause was rolled back.
  public void forget() {
    drafts.clear();
    actions.clear();
    changes = null;
  }

  /// Ordered by tenant, so that two transactions take the locks of two logs in the same order.
  SortedMap<TenantId, List<Draft>> drafts() {
    return drafts;
  }

  List<Future<?>> sent() {
    return sent;
  }

  void committed() {
    actions.forEach(Runnable::run);
  }
}
