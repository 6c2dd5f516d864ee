package dev.flotilla.registry.routing;

import dev.flotilla.contract.InstanceState;
import dev.flotilla.dispatch.InstanceReport;
import dev.flotilla.identity.InstanceId;
import dev.flotilla.identity.NodeId;
import dev.flotilla.registry.instance.Desired;
import dev.flotilla.registry.instance.Instance;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A registered instance and how it is, prepared for many decisions.
///
/// @param owner the node that holds the link, or should; null where no registry node lives
/// @param report null where nobody has watched the instance lately
/// @param heard when somebody has last told of it
/// @param offers what tasks may ask of it
/// @param slots runs that it would take now
/// @param slow true where it takes much longer to begin a run than the others
/// @param hash of its id
public record Place(
    Instance instance,
    @Nullable NodeId owner,
    @Nullable InstanceReport report,
    @Nullable Instant heard,
    Set<String> offers,
    int slots,
    boolean slow,
    long hash) {

  public static Place of(
      Instance instance,
      @Nullable NodeId owner,
      @Nullable InstanceReport report,
      @Nullable Instant heard,
      boolean slow) {
    return new Place(
        instance,
        owner,
        report,
        heard,
        offers(instance),
        report == null || !instance.desired().serves()
            ? 0
            : report.slots(instance.maxConcurrency()),
        slow,
        Ring.hash(instance.id().value()));
  }

  private static Set<String> offers(Instance instance) {
    Desired desired = instance.desired();
    Set<String> offers = new HashSet<>(instance.capabilities());
    offers.addAll(desired.labels());
    if (desired.region() != null) {
      offers.add("region=" + desired.region());
    }
    if (desired.zone() != null) {
      offers.add("zone=" + desired.zone());
    }
    return Set.copyOf(offers);
  }

  InstanceId id() {
    return instance.id();
  }

  @Nullable InstanceState state() {
    return report == null ? null : report.state();
  }

  /// The node to send runs to: who has told of the instance last holds its link.
  @Nullable NodeId holder() {
    return report == null ? owner : report.owner();
  }

  int running() {
    return report == null ? 0 : report.running();
  }
}
