package dev.flotilla.fleet.bench.queue;

import dev.flotilla.bus.Addresses;
import dev.flotilla.bus.Bus;
import dev.flotilla.cluster.Membership;
import dev.flotilla.cluster.Node;
import dev.flotilla.cluster.NodeRole;
import dev.flotilla.command.CommandVerticle;
import dev.flotilla.config.FleetConfig;
import dev.flotilla.contract.Command;
import dev.flotilla.contract.CommandKind;
import dev.flotilla.contract.Priority;
import dev.flotilla.contract.QueueCommand;
import dev.flotilla.contract.Result.TaskOutcome;
import dev.flotilla.contract.TaskChange;
import dev.flotilla.dispatch.CommandRequest;
import dev.flotilla.dispatch.RouteAnswer;
import dev.flotilla.dispatch.RunOrder;
import dev.flotilla.dispatch.RunState;
import dev.flotilla.identity.Ids;
import dev.flotilla.identity.InstanceId;
import dev.flotilla.identity.NodeId;
import dev.flotilla.identity.Principal;
import dev.flotilla.identity.Role;
import dev.flotilla.identity.TenantId;
import dev.flotilla.identity.UserId;
import dev.flotilla.log.Event;
import dev.flotilla.log.EventBatch;
import dev.flotilla.log.EventLog;
import dev.flotilla.node.Wiring;
import dev.flotilla.store.Stores;
import dev.flotilla.telemetry.Readiness;
import dev.flotilla.wire.Json;
import dev.flotilla.wire.RawJson;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.ThreadingModel;
import io.vertx.core.Vertx;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;

/// A command node with real stores, and one instance whose runs succeed as soon as they are
/// ordered.
final class CommandNode implements AutoCloseable {
  private static final NodeId NAME = new NodeId("bench");
  private static final InstanceId INSTANCE = new InstanceId("instant");
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final RunState DONE =
      new RunState.Succeeded(new TaskOutcome("done", 0L, 10L, 10L, null));

  private static final String SUCCEEDED = "\"change\":\"" + TaskChange.SUCCEEDED.wireName() + "\"";

  private record Alone(Node self) implements Membership {
    @Override
    public List<Node> nodes() {
      return List.of(self);
    }

    @Override
    public void onChange(Runnable listener) {
      // One node is all there ever is.
    }
  }

  private final Clock clock = Clock.systemUTC();
  private final Vertx vertx = Vertx.vertx();
  private final Bus bus = new Bus(vertx, clock);
  private final Stores stores;
  private final Semaphore succeeded = new Semaphore(0);
  private final String deployment;
  private volatile Consumer<RunOrder> onOrder = _ -> {};

  /// @param slots of the instance
  CommandNode(FleetConfig config, int slots) {
    stores = Stores.open(vertx, config);
    RouteAnswer route =
        new RouteAnswer(List.of(new RouteAnswer.Candidate(INSTANCE, NAME, slots)), null);
    bus.answer(Addresses.ROUTE, _ -> Future.succeededFuture(route)).ready().await();
    bus.answer(Addresses.run(NAME), this::run).ready().await();
    Node self = new Node(NAME, EnumSet.allOf(NodeRole.class), URI.create("http://127.0.0.1:8080"));
    CommandVerticle verticle =
        new CommandVerticle(
            new Wiring(
                config,
                new Alone(self),
                bus,
                stores,
                new EventLog(stores.postgres(), bus, clock),
                new SimpleMeterRegistry(),
                new Readiness(),
                clock));
    deployment =
        vertx
            .deployVerticle(
                verticle, new DeploymentOptions().setThreadingModel(ThreadingModel.VIRTUAL_THREAD))
            .await();
  }

  private Future<RunState> run(RunOrder order) {
    onOrder.accept(order);
    return Future.succeededFuture(DONE);
  }

  /// Does what PostgreSQL does by itself within the first minute of a new database: plans for empty
  /// tables are bad ones for full tables.
  void analyze() {
    stores.postgres().query("analyze").execute().await();
  }

  /// Tells of every run when it is ordered.
  void onOrder(Consumer<RunOrder> listener) {
    onOrder = listener;
  }

  /// Hears the tenant's events, which are published once they are durable.
  void hear(TenantId tenant) {
    bus.listen(Addresses.events(tenant), this::count).ready().await();
  }

  private void count(EventBatch batch) {
    for (Event event : batch.events()) {
      // As text: to read every event would be work that belongs to nobody's cycle.
      if (event.payload().text().contains(SUCCEEDED)) {
        succeeded.release();
      }
    }
  }

  /// Waits until so many tasks more have succeeded, of the tenants that are heard.
  void awaitSucceeded(int tasks) throws InterruptedException {
    succeeded.acquire(tasks);
  }

  /// Creates so many tasks at once; they are in PostgreSQL when it returns.
  void create(TenantId tenant, Priority priority, int tasks) {
    Command.TaskCreate task =
        Json.read(
            "{\"prompt\":\"measured\",\"priority\":\"" + priority.wireName() + "\"}",
            Command.TaskCreate.class);
    CommandRequest request =
        new CommandRequest(
            CommandKind.TASK_BATCH,
            RawJson.of(new QueueCommand.TaskBatch(Collections.nCopies(tasks, task))),
            operator(tenant),
            Ids.next(clock),
            "bench");
    bus.ask(Addresses.EXECUTE, request, LIMIT).await();
  }

  private Principal operator(TenantId tenant) {
    return new Principal(
        tenant,
        new UserId("bench"),
        Set.of(Role.OPERATOR),
        Role.OPERATOR.scopes(),
        clock.instant().plus(Duration.ofHours(1)));
  }

  /// The verticle before its stores: Vert.x by itself would close those first, under its hands.
  @Override
  public void close() {
    vertx.undeploy(deployment).await();
    stores.close().await();
    vertx.close().await();
  }
}
