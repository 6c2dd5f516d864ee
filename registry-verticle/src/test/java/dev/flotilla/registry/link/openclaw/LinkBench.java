package dev.flotilla.registry.link.openclaw;

import dev.flotilla.config.FleetConfig;
import dev.flotilla.config.LocalGateway;
import dev.flotilla.config.Secret;
import dev.flotilla.contract.InstanceState;
import dev.flotilla.contract.LinkStatus;
import dev.flotilla.contract.PeerCommand;
import dev.flotilla.contract.PeerResult;
import dev.flotilla.dispatch.RunCancel;
import dev.flotilla.dispatch.RunOrder;
import dev.flotilla.dispatch.RunState;
import dev.flotilla.dispatch.RunText;
import dev.flotilla.dispatch.RunTextAsk;
import dev.flotilla.egress.Egress;
import dev.flotilla.identity.InstanceId;
import dev.flotilla.identity.NodeId;
import dev.flotilla.identity.TaskId;
import dev.flotilla.identity.TenantId;
import dev.flotilla.registry.link.ConnectOutcome;
import dev.flotilla.registry.link.Doing;
import dev.flotilla.registry.link.Endpoint;
import dev.flotilla.registry.link.Link;
import dev.flotilla.registry.link.LinkListener;
import dev.flotilla.registry.link.Observation;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/// A link on an event loop of its own, and everything that it has told.
final class LinkBench implements LinkListener, AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final FleetConfig.Registry CONFIG =
      new FleetConfig.Registry(
          Duration.ofMillis(200),
          Duration.ofSeconds(5),
          Duration.ofMillis(50),
          Duration.ofMillis(500),
          Duration.ofSeconds(10),
          Duration.ofSeconds(5),
          Duration.ofSeconds(10),
          Duration.ofSeconds(1),
          new FleetConfig.Registry.Health(
              5,
              Duration.ofSeconds(30),
              Duration.ofMinutes(5),
              Duration.ZERO,
              30,
              Duration.ZERO,
              Duration.ofMinutes(1),
              Duration.ofSeconds(10)),
          List.of("operator.read", "operator.write", "operator.approvals", "operator.admin"),
          List.of("status"),
          null,
          new LocalGateway(
              false,
              "local",
              18_789,
              List.of(),
              null,
              null,
              Duration.ofSeconds(2),
              Duration.ofSeconds(15),
              Duration.ofSeconds(90),
              Duration.ofSeconds(1),
              Duration.ofMinutes(1),
              Duration.ofMinutes(1),
              3,
              Duration.ofSeconds(10),
              false,
              null,
              null));

  static final Egress EGRESS =
      Egress.toInstances(new FleetConfig.Egress(List.of(), List.of(), List.of()));

  record Piece(int attempt, long index, String text) {}

  final List<RunState> ends = new CopyOnWriteArrayList<>();
  final List<ConnectOutcome> connects = new CopyOnWriteArrayList<>();
  final List<InstanceState> states = new CopyOnWriteArrayList<>();
  final AtomicInteger restarts = new AtomicInteger();
  final List<LinkStatus> links = new CopyOnWriteArrayList<>();
  final List<Doing> doings = new CopyOnWriteArrayList<>();
  private final Map<String, List<Piece>> pieces = new ConcurrentHashMap<>();
  private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
  private final Context loop = vertx.getOrCreateContext();
  private volatile Duration shift = Duration.ZERO;
  private final InstantSource time = () -> Instant.now().plus(shift);
  private volatile @Nullable Link link;

  static LinkBench to(URI url, String token) {
    return to(url, token, null);
  }

  /// @param deviceKey by which the instance knows the fleet
  static LinkBench to(URI url, String token, @Nullable Secret deviceKey) {
    LinkBench bench = new LinkBench();
    Endpoint endpoint = new Endpoint(new InstanceId("i-1"), url, new Secret(token), deviceKey);
    bench.onLoop(
        () -> {
          bench.link =
              OpenClawLink.open(
                  bench.vertx,
                  bench.time.withZone(ZoneOffset.UTC),
                  endpoint,
                  new NodeId("n-1"),
                  CONFIG,
                  EGRESS,
                  bench);
          return Future.succeededFuture();
        });
    bench.vertx.setPeriodic(100, _ -> bench.loop.runOnContext(_ -> bench.link().tick()));
    return bench;
  }

  /// Asks the instance, and waits for what it says.
  PeerResult ask(PeerCommand command) {
    return onLoop(() -> link().ask(command));
  }

  /// How often it has been connected.
  long connections() {
    return connects.stream().filter(ConnectOutcome.CONNECTED::equals).count();
  }

  /// For the link, this much time passes at once.
  void skip(Duration more) {
    shift = shift.plus(more);
  }

  private Link link() {
    Link open = link;
    if (open == null) {
      throw new IllegalStateException("the link is not open yet");
    }
    return open;
  }

  static RunOrder order(String prompt) {
    String id = UUID.randomUUID().toString();
    return new RunOrder(
        new TaskId(id),
        new TenantId("acme"),
        new InstanceId("i-1"),
        1,
        "run-" + id,
        null,
        "Flotilla-" + id,
        prompt,
        false,
        60_000,
        new NodeId("n-1"),
        null);
  }

  /// The same order from a holder who does not know whether it was carried out.
  static RunOrder again(RunOrder order) {
    return new RunOrder(
        order.task(),
        order.tenant(),
        order.instance(),
        order.attempt(),
        order.runId(),
        order.session(),
        order.sessionKey(),
        order.prompt(),
        true,
        order.timeoutMs(),
        order.holder(),
        order.correlationId());
  }

  RunState ensure(RunOrder order) {
    return onLoop(() -> Future.succeededFuture(link().ensure(order)));
  }

  RunState cancel(RunOrder order) {
    RunCancel cancel =
        new RunCancel(order.task(), order.instance(), order.runId(), order.sessionKey());
    return onLoop(() -> link().cancel(cancel));
  }

  /// What the link says that the run has said.
  RunText said(RunOrder order) {
    RunTextAsk ask =
        new RunTextAsk(order.instance(), order.runId(), order.attempt(), order.sessionKey());
    return onLoop(() -> link().text(ask));
  }

  Observation observation() {
    return onLoop(() -> Future.succeededFuture(link().observation()));
  }

  void awaitState(InstanceState state) {
    Awaitility.await("state " + state).atMost(PATIENCE).until(() -> observation().state() == state);
  }

  /// Asks after the run as the holder of a lease does, until it has ended.
  RunState awaitEnd(RunOrder order) {
    RunOrder repeated = again(order);
    return Awaitility.await("end of " + order.runId())
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(50))
        .until(() -> ensure(repeated), LinkBench::isEnd);
  }

  private static boolean isEnd(RunState state) {
    return !(state instanceof RunState.Going) && !(state instanceof RunState.Unreachable);
  }

  void awaitOutput(RunOrder order) {
    Awaitility.await("output").atMost(PATIENCE).until(() -> !pieces(order).isEmpty());
  }

  List<Piece> pieces(RunOrder order) {
    return pieces.getOrDefault(order.runId(), List.of());
  }

  /// The pieces of the newest attempt, put together as a subscriber does it.
  String text(RunOrder order) {
    return text("", order);
  }

  /// @param before what the subscriber has heard from another owner of the link
  String text(String before, RunOrder order) {
    int newest = pieces(order).stream().mapToInt(Piece::attempt).max().orElse(0);
    StringBuilder text = new StringBuilder(before);
    for (Piece piece : pieces(order)) {
      if (piece.attempt() == newest) {
        if (piece.index() > text.length()) {
          throw new AssertionError("a piece is missing before " + piece);
        }
        text.setLength((int) piece.index());
        text.append(piece.text());
      }
    }
    return text.toString();
  }

  @Override
  public void changed() {
    Observation seen = link().observation();
    states.add(seen.state());
    links.add(seen.link().status());
  }

  @Override
  public void output(RunOrder order, long index, String text) {
    pieces
        .computeIfAbsent(order.runId(), _ -> new CopyOnWriteArrayList<>())
        .add(new Piece(order.attempt(), index, text));
  }

  @Override
  public void does(RunOrder order, Doing doing) {
    doings.add(doing);
  }

  @Override
  public void ended(RunOrder order, RunState state) {
    ends.add(state);
  }

  @Override
  public void connectTried(ConnectOutcome outcome) {
    connects.add(outcome);
  }

  @Override
  public void restarted() {
    restarts.incrementAndGet();
  }

  @Override
  public void adopted(RunOrder order) {
    // What adoption leads to is what tests look at.
  }

  private <T> T onLoop(Supplier<Future<T>> action) {
    Promise<T> done = Promise.promise();
    loop.runOnContext(
        _ -> {
          try {
            action.get().onComplete(done);
          } catch (RuntimeException failure) {
            done.fail(failure);
          }
        });
    return done.future().await();
  }

  /// Closes the link the way a node does that shuts down.
  @Override
  public void close() {
    onLoop(() -> link().close());
    vertx.close().await();
  }
}
