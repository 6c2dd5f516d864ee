package dev.flotilla.registry.instance;

import dev.flotilla.contract.Fact;
import dev.flotilla.contract.HealthSubject;
import dev.flotilla.contract.InstanceState;
import dev.flotilla.log.EventLog;
import dev.flotilla.registry.link.Observation;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Tells the tenant that owns an instance when it becomes able or unable to serve. Not kept: the
/// log has every state, see [StateRecorder].
public final class HealthTeller {
  private final EventLog log;
  private final Instance instance;
  private @Nullable Boolean healthy;

  /// @param before what the previous owner of the link had seen; null where there was none
  public HealthTeller(EventLog log, Instance instance, @Nullable InstanceState before) {
    this.log = log;
    this.instance = instance;
    this.healthy =
        (before == null || before == InstanceState.STARTING) ? null : before == InstanceState.READY;
  }

  /// Call it again until it has nothing to do: on every change and on every tick.
  public void settle(Observation now) {
    boolean serves = now.state() == InstanceState.READY;
    // A new owner that is still connecting knows less than the old one did.
    boolean unknown = now.state() == InstanceState.STARTING;
    if (unknown || (healthy != null && healthy == serves)) {
      return;
    }
    healthy = serves;
    Fact fact =
        new Fact.HealthChanged(HealthSubject.INSTANCE, instance.id().value(), serves, now.reason());
    log.publishEphemeral(instance.tenant(), List.of(fact), null);
  }
}
