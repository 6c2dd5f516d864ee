package dev.flotilla.registry;

import dev.flotilla.bus.Addresses;
import dev.flotilla.contract.InstanceState;
import dev.flotilla.dispatch.InstanceReport;
import dev.flotilla.dispatch.RunEnded;
import dev.flotilla.dispatch.RunOrder;
import dev.flotilla.dispatch.RunState;
import dev.flotilla.identity.InstanceId;
import dev.flotilla.identity.NodeId;
import dev.flotilla.registry.instance.Instance;
import dev.flotilla.registry.instance.Links;
import dev.flotilla.registry.instance.ReportView;
import dev.flotilla.registry.instance.StateRecorder;
import dev.flotilla.registry.link.ConnectOutcome;
import dev.flotilla.registry.link.Link;
import dev.flotilla.registry.link.LinkListener;
import dev.flotilla.registry.link.Observation;
import dev.flotilla.registry.link.openclaw.OpenClawLink;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What this node sees of the instances whose links it holds, and whom it tells: every node by
/// reports, the tenants by their logs, the holders of leases by the ends of runs.
final class Watch {
  private final Vertx vertx;
  private final Wiring wiring;
  private final NodeId self;
  private final ReportView view;
  private final RegistryMeters meters;
  private final RunOutputs outputs;
  private final Map<InstanceId, StateRecorder> recorders = new HashMap<>();
  private final Links links;

  Watch(Vertx vertx, Wiring wiring, ReportView view, RegistryMeters meters) {
    this.vertx = vertx;
    this.wiring = wiring;
    this.self = wiring.membership().self().id();
    this.view = view;
    this.meters = meters;
    this.outputs = new RunOutputs(vertx, wiring.log());
    this.links = new Links(wiring.membership(), this::open);
  }

  private Link open(Instance instance) {
    InstanceReport before = view.last(instance.id());
    recorders.put(
        instance.id(),
        new StateRecorder(wiring.log(), instance, before == null ? null : before.state()));
    return OpenClawLink.open(
        vertx,
        wiring.clock(),
        instance.endpoint(),
        self,
        wiring.config().registry(),
        new Listener(instance));
  }

  /// Opens and closes links so that they are the ones that fall to this node.
  void settle(Collection<Instance> registered) {
    links.settle(registered);
    recorders.keySet().removeIf(id -> links.find(id) == null);
    tell();
  }

  @Nullable Link link(InstanceId id) {
    return links.find(id);
  }

  @Nullable NodeId owner(InstanceId id) {
    return links.owner(id);
  }

  void tick() {
    links.forEach((_, link) -> link.tick());
    tell();
  }

  /// Reports every instance of this node and counts them.
  private void tell() {
    Map<InstanceState, Integer> byState = new EnumMap<>(InstanceState.class);
    int[] running = new int[1];
    links.forEach(
        (instance, link) -> {
          Observation seen = link.observation();
          byState.merge(seen.state(), 1, Integer::sum);
          running[0] += seen.running();
          tell(instance, seen);
        });
    meters.owned(byState, running[0]);
  }

  private void tell(Instance instance, Observation seen) {
    InstanceReport report =
        new InstanceReport(
            instance.id(),
            seen.state(),
            seen.reason(),
            seen.since(),
            self,
            seen.version(),
            seen.running(),
            wiring.clock().instant());
    view.add(report);
    wiring.bus().publish(Addresses.INSTANCE_REPORT, report);
    StateRecorder recorder = recorders.get(instance.id());
    if (recorder != null) {
      recorder.settle(seen);
    }
  }

  Future<Void> close() {
    outputs.flush();
    return links.close();
  }

  private final class Listener implements LinkListener {
    private final Instance instance;

    Listener(Instance instance) {
      this.instance = instance;
    }

    @Override
    public void changed() {
      Link link = links.find(instance.id());
      if (link != null) {
        tell(instance, link.observation());
      }
    }

    @Override
    public void output(RunOrder order, long index, String text) {
      outputs.add(order, index, text);
    }

    @Override
    public void ended(RunOrder order, RunState state) {
      outputs.flush();
      RunEnded ended = new RunEnded(order.task(), order.runId(), state);
      wiring.bus().publish(Addresses.runEnded(order.holder()), ended);
    }

    @Override
    public void connectTried(ConnectOutcome outcome) {
      meters.connectTried(outcome);
    }

    @Override
    public void adopted(RunOrder order) {
      meters.runAdopted();
    }
  }
}
