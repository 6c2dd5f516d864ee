package dev.flotilla.registry;

import dev.flotilla.bus.Addresses;
import dev.flotilla.contract.Fact;
import dev.flotilla.contract.InstanceLoad;
import dev.flotilla.contract.InstanceState;
import dev.flotilla.dispatch.InstanceReport;
import dev.flotilla.dispatch.RunEnded;
import dev.flotilla.dispatch.RunOrder;
import dev.flotilla.dispatch.RunState;
import dev.flotilla.egress.Egress;
import dev.flotilla.identity.InstanceId;
import dev.flotilla.identity.NodeId;
import dev.flotilla.identity.TenantId;
import dev.flotilla.node.Wiring;
import dev.flotilla.registry.daemon.LocalView;
import dev.flotilla.registry.health.HealthRules;
import dev.flotilla.registry.health.Pools;
import dev.flotilla.registry.health.Shown;
import dev.flotilla.registry.health.Sign;
import dev.flotilla.registry.health.Vitals;
import dev.flotilla.registry.instance.Credentials;
import dev.flotilla.registry.instance.Desired;
import dev.flotilla.registry.instance.Drain;
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
import java.util.Objects;
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
  private final LocalView local;
  private final RegistryMeters meters;
  private final RunOutputs outputs;
  private final RunSpans spans;
  private final Map<InstanceId, Tellers> tellers = new HashMap<>();
  private final Links links;
  private final Runnable onChange;
  private final HealthRules rules;
  private final Egress egress;
  private List<Instance> all = List.of();

  /// Who tells what of one instance.
  private record Tellers(
      Vitals vitals, StateRecorder states, HealthTeller health, AgentWatch agent, Drain drain) {
    void settle(Observation seen) {
      states.settle(seen);
      health.settle(seen);
      agent.settle(seen.state());
    }
  }

  /// @param onChange runs when an instance of this node can take more or less than before
  Watch(
      Vertx vertx,
      Wiring wiring,
      ReportView view,
      LocalView local,
      RegistryMeters meters,
      Runnable onChange) {
    this.onChange = onChange;
    this.vertx = vertx;
    this.wiring = wiring;
    this.self = wiring.membership().self().id();
    this.view = view;
    this.local = local;
    this.meters = meters;
    this.outputs = new RunOutputs(vertx, wiring.log());
    this.spans = new RunSpans(wiring.tracing());
    this.rules = HealthRules.of(wiring.config().registry().health());
    this.egress = Egress.toInstances(wiring.config().egress());
    this.links = new Links(wiring.membership(), this::open);
  }

  private Link open(Instance instance) {
    InstanceReport report = view.last(instance.id());
    InstanceState before = report == null ? null : report.state();
    AgentWatch agent = new AgentWatch(instance, outputs, before);
    Vitals vitals =
        new Vitals(
            report == null ? null : report.condition(), rules, wiring.clock(), instance.shared());
    Drain drain = new Drain(instance, wiring.stores().postgres(), wiring.log());
    tellers.put(
        instance.id(),
        new Tellers(
            vitals,
            new StateRecorder(wiring.log(), instance, before),
            new HealthTeller(wiring.log(), instance, before),
            agent,
            drain));
    Credentials.Problem problem = instance.credentials().problem();
    if (problem != null) {
      LOG.error("instance {} cannot be used: {}", instance.id(), problem.reason());
      return new UnusableLink(problem.reason(), problem.link(), wiring.clock().instant());
    }
    return OpenClawLink.open(
        vertx,
        wiring.clock(),
        instance.endpoint(),
        self,
        wiring.config().registry(),
        egress,
        new Listener(instance, agent, vitals, drain));
  }

  /// Opens and closes links so that they are the ones that fall to this node.
  void settle(Collection<Instance> registered) {
    all = List.copyOf(registered);
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
          InstanceReport last = view.last(instance.id());
          InstanceState state = last == null ? InstanceState.STARTING : last.state();
          beats
              .computeIfAbsent(instance.tenant(), _ -> new ArrayList<>())
              .add(
                  new Fact.Heartbeat(
                      instance.id(),
                      state,
                      link.observation().running(),
                      instance.maxConcurrency(),
                      link.observation().load()));
        });
    beats.forEach((tenant, facts) -> wiring.log().publishEphemeral(tenant, facts, null));
  }

  /// Reports every instance of this node and counts them.
  private void tell() {
    Map<InstanceState, Integer> byState = new EnumMap<>(InstanceState.class);
    int[] running = new int[1];
    List<InstanceLoad> loads = new ArrayList<>();
    links.forEach(
        (instance, link) -> {
          Observation told = tell(instance, link);
          byState.merge(told.state(), 1, Integer::sum);
          running[0] += told.running();
          if (told.load() != null) {
            loads.add(told.load());
          }
        });
    meters.owned(byState, running[0]);
    meters.loaded(loads);
  }

  private Observation tell(Instance instance, Link link) {
    Observation seen = local.explain(instance.id(), link.observation());
    Tellers told = tellers.get(instance.id());
    if (told == null) {
      return seen;
    }
    Desired desired = instance.desired();
    Vitals vitals = told.vitals();
    vitals.take(new Sign.Wished(desired.wish(), desired.wishReason()));
    boolean spare = vitals.wantsOut() && canSpare(instance);
    Shown shown = vitals.show(seen, instance.maxConcurrency(), spare);
    Observation now =
        new Observation(
            shown.state(),
            shown.reason(),
            shown.since(),
            seen.version(),
            seen.running(),
            seen.link(),
            seen.load());
    InstanceReport report =
        new InstanceReport(
            instance.id(),
            now.state(),
            now.reason(),
            now.since(),
            self,
            now.version(),
            now.running(),
            told.agent().reports(),
            wiring.clock().instant(),
            vitals.condition(shown.slots()),
            now.link(),
            now.load());
    if (view.add(report)) {
      onChange.run();
    }
    wiring.bus().publish(Addresses.INSTANCE_REPORT, report);
    told.settle(now);
    told.drain().settle(desired, link, vitals.open(), now.running(), wiring.clock().instant());
    return now;
  }

  private boolean canSpare(Instance instance) {
    List<Instance> pool = all.stream().filter(instance::samePool).toList();
    return Pools.canSpare(
        instance.id(),
        pool.size(),
        pool.stream().map(each -> view.fresh(each.id())).filter(Objects::nonNull).toList());
  }

  /// Makes sure that the run goes on, unless it would be a new one that operators do not want here.
  RunState ensure(Link link, RunOrder order) {
    Instance instance = links.instance(order.instance());
    Tellers told = tellers.get(order.instance());
    if (instance == null || told == null) {
      return link.ensure(order);
    }
    boolean fresh = !order.mayExist() && !told.vitals().knows(order.runId());
    if (fresh && !instance.desired().serves()) {
      return new RunState.Refused(
          order.instance() + " takes nothing new: " + instance.desired().wish().wireName());
    }
    RunState state = link.ensure(order);
    told.vitals().ordered(order, state);
    spans.ordered(order, state);
    return told.drain().explain(order.runId(), state);
  }

  Future<Void> close() {
    spans.close();
    outputs.flush();
    return links.close();
  }

  private final class Listener implements LinkListener {
    private final Instance instance;
    private final AgentWatch agent;
    private final Vitals vitals;
    private final Drain drain;

    Listener(Instance instance, AgentWatch agent, Vitals vitals, Drain drain) {
      this.instance = instance;
      this.agent = agent;
      this.vitals = vitals;
      this.drain = drain;
    }

    @Override
    public void changed() {
      Link link = links.find(instance.id());
      Instance now = links.instance(instance.id());
      if (link != null && now != null) {
        tell(now, link);
      }
    }

    @Override
    public void output(RunOrder order, long index, String text) {
      vitals.heard(order);
      outputs.add(
          order.tenant(),
          order.correlationId(),
          new Fact.TaskOutput(order.task(), order.session(), order.attempt(), index, text));
    }

    @Override
    public void does(RunOrder order, Doing doing) {
      vitals.heard(order);
      agent.does(order, doing);
    }

    @Override
    public void ended(RunOrder order, RunState state) {
      agent.ended(order, state);
      vitals.ended(order, state);
      spans.ended(order, state);
      outputs.flush();
      RunEnded ended =
          new RunEnded(order.task(), order.runId(), drain.explain(order.runId(), state));
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
