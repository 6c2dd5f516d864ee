package dev.flotilla.registry.instance;

import dev.flotilla.contract.Fact;
import dev.flotilla.contract.InstanceChange;
import dev.flotilla.contract.InstanceState;
import dev.flotilla.log.EventLog;
import dev.flotilla.log.EventLog.Draft;
import dev.flotilla.registry.link.Observation;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes the state changes of one instance into its tenant's log, in order and one at a time.
/// While PostgreSQL is away the newest state waits; what was passed through meanwhile is not told.
public final class StateRecorder {
  private static final Logger LOG = LoggerFactory.getLogger(StateRecorder.class);

  private final EventLog log;
  private final Instance instance;
  private InstanceState recorded;
  private boolean writing;

  /// @param before what the previous owner of the link had seen; null where there was none
  public StateRecorder(EventLog log, Instance instance, @Nullable InstanceState before) {
    this.log = log;
    this.instance = instance;
    this.recorded = before == null ? InstanceState.STARTING : before;
  }

  /// Call it again until it has nothing to do: on every change and on every tick.
  public void settle(Observation now) {
    // A new owner that is still connecting knows less than the old one did.
    boolean unknown = now.state() == InstanceState.STARTING;
    if (writing || unknown || now.state() == recorded) {
      return;
    }
    writing = true;
    Fact fact =
        new Fact.InstanceChanged(InstanceChange.STATE, instance.id(), now.state(), now.reason());
    log.record(instance.tenant(), List.of(new Draft(fact, null, null)))
        .onComplete(
            _ -> {
              writing = false;
              recorded = now.state();
            },
            failure -> {
              writing = false;
              LOG.debug("state of {} not recorded yet: {}", instance.id(), failure.getMessage());
            });
  }
}
