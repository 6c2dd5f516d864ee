package dev.flotilla.registry.instance;

import dev.flotilla.contract.Fact;
import dev.flotilla.contract.InstanceChange;
import dev.flotilla.contract.InstanceState;
import dev.flotilla.contract.InstanceWish;
import dev.flotilla.dispatch.RunCancel;
import dev.flotilla.dispatch.RunOrder;
import dev.flotilla.dispatch.RunState;
import dev.flotilla.log.EventBatch;
import dev.flotilla.log.EventLog;
import dev.flotilla.log.EventLog.Draft;
import dev.flotilla.registry.link.Link;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Brings the drain of one instance to its end: stops what still runs at the deadline, so that it
/// goes back to the queue, and writes down once that nothing is left.
public final class Drain {
  private static final Logger LOG = LoggerFactory.getLogger(Drain.class);
  private static final String DRAINED =
      """
      update instances set drained_at = now()
      where id = $1 and wish = 'drain' and drained_at is null and drain_by = $2
      """;

  private final Instance instance;
  private final Pool pool;
  private final EventLog log;
  private final Set<String> stopped = new HashSet<>();
  // The deadline of the drain whose end was told: a drain that is asked for again is another one.
  private @Nullable Instant told;
  private boolean telling;

  public Drain(Instance instance, Pool pool, EventLog log) {
    this.instance = instance;
    this.pool = pool;
    this.log = log;
  }

  /// Call it again until it has nothing to do: on every change and on every tick.
  ///
  /// @param open runs that were given to the instance
  /// @param running how many the link sees
  public void settle(
      Desired desired, Link link, Collection<RunOrder> open, int running, Instant now) {
    if (desired.wish() != InstanceWish.DRAIN) {
      told = null;
      stopped.retainAll(open.stream().map(RunOrder::runId).toList());
      return;
    }
    Instant by = desired.drainBy();
    if (by != null && !now.isBefore(by)) {
      open.forEach(run -> stop(link, run));
    }
    boolean down = link.observation().state() == InstanceState.DOWN;
    if (by != null && open.isEmpty() && running == 0 && !by.equals(told) && !telling && !down) {
      tell(by);
    }
  }

  private void stop(Link link, RunOrder run) {
    stopped.add(run.runId());
    link.cancel(new RunCancel(run.task(), run.instance(), run.runId(), run.sessionKey()))
        .onFailure(failure -> LOG.debug("run {} not stopped yet", run.runId(), failure));
  }

  /// A run that the drain has stopped has failed nobody: its task starts again elsewhere.
  public RunState explain(String runId, RunState state) {
    return state instanceof RunState.Aborted && stopped.contains(runId)
        ? new RunState.Refused("it was stopped because the instance is drained")
        : state;
  }

  private void tell(Instant by) {
    telling = true;
    pool.withTransaction(tx -> record(tx, by))
        .onComplete(
            batch -> {
              telling = false;
              told = by;
              if (batch != null) {
                log.publish(batch);
              }
            },
            failure -> {
              telling = false;
              LOG.debug("drain of {} not recorded yet: {}", instance.id(), failure.getMessage());
            });
  }

  private Future<@Nullable EventBatch> record(SqlConnection tx, Instant by) {
    Fact fact =
        new Fact.InstanceChanged(
            InstanceChange.DRAINED,
            instance.id(),
            InstanceState.DRAINING,
            "nothing of the fleet runs there any more");
    return tx.preparedQuery(DRAINED)
        .execute(Tuple.of(instance.id().value(), by.atOffset(ZoneOffset.UTC)))
        .compose(
            rows ->
                rows.rowCount() == 0
                    ? Future.succeededFuture()
                    : log.append(tx, instance.tenant(), List.of(new Draft(fact, null, null))));
  }
}
