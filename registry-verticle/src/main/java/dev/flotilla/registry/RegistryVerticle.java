package dev.flotilla.registry;

import dev.flotilla.bus.Addresses;
import dev.flotilla.bus.Bus;
import dev.flotilla.bus.Registration;
import dev.flotilla.config.FleetConfig;
import dev.flotilla.contract.PeerCommand;
import dev.flotilla.credential.Vault;
import dev.flotilla.dispatch.InstanceReport;
import dev.flotilla.dispatch.InstanceReports;
import dev.flotilla.dispatch.PeerAsk;
import dev.flotilla.dispatch.RouteAnswer;
import dev.flotilla.dispatch.RouteAsk;
import dev.flotilla.dispatch.RouteReasons;
import dev.flotilla.dispatch.RunCancel;
import dev.flotilla.dispatch.RunOrder;
import dev.flotilla.dispatch.RunState;
import dev.flotilla.dispatch.RunText;
import dev.flotilla.dispatch.RunTextAsk;
import dev.flotilla.fault.Fault;
import dev.flotilla.fault.Reason;
import dev.flotilla.identity.InstanceId;
import dev.flotilla.identity.NodeId;
import dev.flotilla.node.Wiring;
import dev.flotilla.registry.daemon.LocalView;
import dev.flotilla.registry.instance.Instance;
import dev.flotilla.registry.instance.InstanceTable;
import dev.flotilla.registry.instance.ReportView;
import dev.flotilla.registry.link.Link;
import dev.flotilla.registry.routing.Places;
import dev.flotilla.registry.routing.PolicyTable;
import dev.flotilla.registry.routing.Router;
import dev.flotilla.registry.routing.Rules;
import dev.flotilla.wire.RawJson;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The node's part of the registry: holds the links that fall to it, tells everybody how their
/// instances are, and answers where a task could run. All state is confined to its event loop.
public final class RegistryVerticle extends VerticleBase {
  private static final Logger LOG = LoggerFactory.getLogger(RegistryVerticle.class);
  private static final Duration TURN = Duration.ofSeconds(1);

  /// As `/health/live` names it.
  private static final String LOOP = "registry";

  private final Wiring wiring;
  private final FleetConfig.Registry config;
  private final InstanceTable table;
  private final ReportView view;
  private final RegistryMeters meters;
  private final PolicyTable policies;
  private final Router router;
  private final Places places;
  private final List<Registration> registrations = new ArrayList<>();
  private final List<Long> timers = new ArrayList<>();
  private LocalHost host = new LocalHost(null);
  private @Nullable Watch watch;
  private @Nullable Future<Void> reading;
  private boolean readAgain;

  public RegistryVerticle(Wiring wiring) {
    this.wiring = wiring;
    this.config = wiring.config().registry();
    this.table =
        new InstanceTable(wiring.stores().postgres(), new Vault(wiring.config().credentials()));
    this.view = new ReportView(config.reportLimit(), wiring.clock());
    this.meters = new RegistryMeters(wiring.meters(), wiring.clock());
    this.policies = new PolicyTable(wiring.stores().postgres());
    this.router = new Router(Rules.of(config.health()));
    this.places = new Places(table::all, view, this::owner);
  }

  @Override
  public Future<?> start() {
    LocalView local = new LocalView(config.reportLimit(), wiring.clock());
    watch = new Watch(vertx, wiring, view, local, meters, places::changed);
    Bus bus = wiring.bus();
    NodeId self = wiring.membership().self().id();
    registrations.add(bus.listen(Addresses.INSTANCES_CHANGED, _ -> refresh()));
    registrations.add(bus.listen(Addresses.INSTANCE_REPORT, this::reported));
    registrations.add(bus.listen(Addresses.LOCAL_REPORT, local::add));
    registrations.add(bus.answer(Addresses.INSTANCES, _ -> instances()));
    registrations.add(bus.answer(Addresses.ROUTE, this::route));
    registrations.add(bus.answer(Addresses.EXPLAIN, this::explain));
    registrations.add(bus.answer(Addresses.TEST_CONNECTION, tester()::test));
    registrations.add(bus.answer(Addresses.peer(self), this::peer));
    registrations.add(bus.answer(Addresses.run(self), this::run));
    registrations.add(bus.answer(Addresses.cancel(self), this::cancel));
    registrations.add(bus.answer(Addresses.runText(self), this::text));
    wiring.membership().onChange(() -> context.runOnContext(_ -> settle()));
    every(config.refreshInterval(), this::refresh);
    every(config.reportInterval(), this::tick);
    every(config.heartbeatInterval(), this::beat);
    every(TURN, () -> wiring.readiness().turns(LOOP));
    wiring.readiness().add("registry", this::ready);
    refresh();
    host = LocalHost.open(vertx, wiring, table);
    return Future.all(registrations.stream().map(Registration::ready).toList());
  }

  /// Lets go of the links; runs go on at their instances, and the next owners adopt them.
  @Override
  public Future<?> stop() {
    timers.forEach(vertx::cancelTimer);
    wiring.readiness().ends(LOOP);
    List<Future<Void>> closing = new ArrayList<>();
    registrations.forEach(registration -> closing.add(registration.close()));
    Watch last = watch;
    watch = null;
    if (last != null) {
      closing.add(last.close());
    }
    closing.add(host.close());
    meters.close();
    return Future.join(closing);
  }

  private void every(Duration interval, Runnable action) {
    timers.add(vertx.setPeriodic(interval.toMillis(), _ -> action.run()));
  }

  /// Reads the table; a ring during a reading causes one more, so that nothing new is missed.
  private Future<Void> refresh() {
    Future<Void> current = reading;
    if (current != null) {
      readAgain = true;
      return current.compose(_ -> refreshed());
    }
    Future<Void> started =
        Future.all(table.refresh(), policies.refresh()).<Void>mapEmpty().onSuccess(_ -> settle());
    reading = started;
    return started
        .onFailure(failure -> LOG.warn("instances not read: {}", failure.getMessage()))
        .onComplete(_ -> readDone());
  }

  private Future<Void> refreshed() {
    Future<Void> next = reading;
    return next == null ? Future.succeededFuture() : next;
  }

  private void readDone() {
    reading = null;
    if (readAgain) {
      readAgain = false;
      refresh();
    }
  }

  private void settle() {
    Watch open = watch;
    if (open != null && table.known()) {
      view.keepOnly(table.all().stream().map(Instance::id).collect(Collectors.toSet()));
      open.settle(table.all());
      places.changed();
    }
  }

  private void tick() {
    Watch open = watch;
    if (open != null) {
      open.tick();
      // Reports may have grown too old.
      places.changed();
    }
  }

  private void beat() {
    Watch open = watch;
    if (open != null) {
      open.beat();
    }
  }

  private void reported(InstanceReport report) {
    if (!report.owner().equals(wiring.membership().self().id()) && view.add(report)) {
      places.changed();
    }
  }

  private Future<InstanceReports> instances() {
    return Future.succeededFuture(new InstanceReports(view.all()));
  }

  private Future<RouteAnswer> route(RouteAsk ask) {
    requireKnown();
    return Future.succeededFuture(
        router.route(
            ask, policies.of(ask.tenant()), places.of(ask.tenant()), wiring.clock().instant()));
  }

  private Future<RouteReasons> explain(RouteAsk ask) {
    requireKnown();
    return Future.succeededFuture(
        router.explain(
            ask, policies.of(ask.tenant()), places.of(ask.tenant()), wiring.clock().instant()));
  }

  /// Who has not read the table yet knows nothing of any instance.
  private void requireKnown() {
    if (watch == null || !table.known()) {
      throw Fault.unavailable("The registry", config.reportInterval()).asException();
    }
  }

  private ConnectionTester tester() {
    return new ConnectionTester(vertx, wiring, table, this::refresh);
  }

  private Future<RawJson> peer(PeerAsk ask) {
    Link link = link(ask.instance());
    if (link == null) {
      throw Fault.unavailable("The link to " + ask.instance(), config.reportInterval())
          .asException();
    }
    if (!(ask.params().as(ask.kind().params()) instanceof PeerCommand command)) {
      throw Fault.of(Reason.UNKNOWN_METHOD, "No instance is asked that.").asException();
    }
    return link.ask(command).map(RawJson::of);
  }

  private Future<RunState> run(RunOrder order) {
    String why = "the link to " + order.instance() + " is not on this node";
    // What nobody has started, and this node cannot start, has certainly not begun.
    RunState elsewhere =
        order.mayExist() ? new RunState.Unreachable(why, true) : new RunState.Refused(why);
    return onLink(order.instance(), link -> Future.succeededFuture(ensure(link, order)), elsewhere);
  }

  private RunState ensure(Link link, RunOrder order) {
    Watch open = watch;
    return open == null ? link.ensure(order) : open.ensure(link, order);
  }

  private Future<RunState> cancel(RunCancel order) {
    String why = "the link to " + order.instance() + " is not on this node";
    return onLink(
        order.instance(), link -> link.cancel(order), new RunState.Unreachable(why, true));
  }

  private Future<RunText> text(RunTextAsk ask) {
    Link link = link(ask.instance());
    return link == null ? Future.succeededFuture(RunText.unknown(ask.attempt())) : link.text(ask);
  }

  /// An instance that this node does not know may have been registered a moment ago: the table
  /// says.
  private Future<RunState> onLink(
      InstanceId id, Function<Link, Future<RunState>> action, RunState elsewhere) {
    Link link = link(id);
    if (link != null) {
      return action.apply(link);
    }
    if (table.find(id) != null) {
      return Future.succeededFuture(elsewhere);
    }
    return refresh()
        .transform(
            done -> {
              Link now = link(id);
              if (now != null) {
                return action.apply(now);
              }
              boolean gone = done.succeeded() && table.find(id) == null;
              return Future.succeededFuture(gone ? removed(id) : elsewhere);
            });
  }

  private @Nullable NodeId owner(InstanceId id) {
    Watch open = watch;
    return open == null ? null : open.owner(id);
  }

  private @Nullable Link link(InstanceId id) {
    Watch open = watch;
    return open == null ? null : open.link(id);
  }

  private static RunState removed(InstanceId id) {
    return new RunState.Failed("INSTANCE_REMOVED", "there is no instance " + id, true);
  }

  private Future<@Nullable String> ready() {
    return table.known()
        ? Future.succeededFuture(table.all().size() + " instances are registered")
        : Future.failedFuture("the table of instances has not been read yet");
  }
}
