package dev.flotilla.registry;

import dev.flotilla.bus.Addresses;
import dev.flotilla.contract.Fact;
import dev.flotilla.contract.InstanceState;
import dev.flotilla.dispatch.InstanceReport;
import dev.flotilla.dispatch.RunEnded;
import dev.flotilla.dispatch.RunOrder;
import dev.flotilla.dispatch.RunState;
import dev.flotilla.identity.InstanceId;
import dev.flotilla.identity.NodeId;
import dev.flotilla.identity.TenantId;
import dev.flotilla.registry.instance.HealthTeller;
import dev.flotilla.registry.instance.Instance;
import dev.flotilla.registry.instance.Links;
import dev.flotilla.registry.instance.ReportView;
import dev.flotilla.registry.instance.StateRecorder;
import dev.flotilla.registry.link.ConnectOutcome;
import dev.flotilla.registry.link.Doing;
import dev.flotilla.registry.link.Link;
import dev.flotilla.registry.link.LinkListener;
import dev.flotilla.registry.link.Observation;
import dev.flotilla.registry.link.UnusableLink;
import dev.flotilla.registry.link.openclaw.OpenClawLink;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What this node sees of the instances whose links it holds, and whom it tells: every node by
/// reports, the tenants by their logs, the holders of leases by the ends of runs.
final class Watch {
  private static final Logger LOG = LoggerFactory.getLogger(Watch.class);

  private final Vertx vertx;
  private final Wiring wiring;
  private final NodeId self;
  private final ReportView view;
  private final RegistryMeters meters;
  private final RunOutputs outputs;
  private final Map<InstanceId, Tellers> tellers = new HashMap<>();
  private final Links links;

  /// Who tells what of one instance.
  private record Tellers(StateRecorder states, HealthTeller health, AgentWatch agent) {
    void settle(Observation seen) {
      states.settle(seen);
      health.settle(seen);
      agent.settle(seen.state());
    }
  }

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
    InstanceReport report = view.last(instance.id());
    InstanceState before = report == null ? null : report.state();
    AgentWatch agent = new AgentWatch(instance, outputs, before);
    tellers.put(
        instance.id(),
        new Tellers(
            new StateRecorder(wiring.log(), instance, before),
            new HealthTeller(wiring.log(), instance, before),
            agent));
    String problem = instance.credentials().problem();
    if (problem != null) {
      LOG.error("instance {} cannot be used: {}", instance.id(), problem);
      return new UnusableLink(problem, wiring.clock().instant());
    }
    return OpenClawLink.open(
        vertx,
        wiring.clock(),
        instance.endpoint(),
        self,
        wiring.config().registry(),
        new Listener(instance, agent));
  }

  /// Opens and closes links so that they are the ones that fall to this node.
  void settle(Collection<Instance> registered) {
    links.settle(registered);
    tellers.keySet().removeIf(id -> links.find(id) == null);
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

  /// Tells the tenants of this node's instances that these are alive.
  void beat() {
    Map<TenantId, List<Fact>> beats = new HashMap<>();
    links.forEach(
        (instance, link) -> {
          Observation seen = link.observation();
          beats
              .computeIfAbsent(instance.tenant(), _ -> new ArrayList<>())
              .add(
                  new Fact.Heartbeat(
                      instance.id(), seen.state(), seen.running(), instance.maxConcurrency()));
        });
    beats.forEach((tenant, facts) -> wiring.log().publishEphemeral(tenant, facts, null));
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
    Tellers told = tellers.get(instance.id());
    InstanceReport report =
        new InstanceReport(
            instance.id(),
            seen.state(),
            seen.reason(),
            seen.since(),
            self,
            seen.version(),
            seen.running(),
            told == null ? List.of() : told.agent().reports(),
            wiring.clock().instant(),
            seen.link());
    view.add(report);
    wiring.bus().publish(Addresses.INSTANCE_REPORT, report);
    if (told != null) {
      told.settle(seen);
    }
  }

  Future<Void> close() {
    outputs.flush();
    return links.close();
  }

  private final class Listener implements LinkListener {
    private final Instance instance;
    private final AgentWatch agent;

    Listener(Instance instance, AgentWatch agent) {
      this.instance = instance;
      this.agent = agent;
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
      outputs.add(
          order.tenant(),
          order.correlationId(),
          new Fact.TaskOutput(order.task(), order.session(), order.attempt(), index, text));
    }

    @Override
    public void does(RunOrder order, Doing doing) {
      agent.does(order, doing);
    }

    @Override
    public void ended(RunOrder order, RunState state) {
      agent.ended(order, state);
      outputs.flush();
      RunEnded ended = new RunEnded(order.task(), order.runId(), state);
      wiring.bus().publish(Addresses.runEnded(order.holder()), ended);
    }

    @Override
    public void connectTried(ConnectOutcome outcome) {
      meters.connectTried(outcome);
    }

    @Override
    public void restarted() {
      meters.instanceRestarted();
    }

    @Override
    public void adopted(RunOrder order) {
      meters.runAdopted();
    }
  }
}
