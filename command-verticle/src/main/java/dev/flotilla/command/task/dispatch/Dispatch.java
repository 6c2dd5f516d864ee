package dev.flotilla.command.task.dispatch;

import dev.flotilla.bus.Addresses;
import dev.flotilla.bus.Bell;
import dev.flotilla.bus.Bus;
import dev.flotilla.bus.Registration;
import dev.flotilla.command.CommandMeters;
import dev.flotilla.command.Fibers;
import dev.flotilla.command.instance.InstanceStore;
import dev.flotilla.command.store.Transactions;
import dev.flotilla.command.task.AttemptStore;
import dev.flotilla.command.task.Dependents;
import dev.flotilla.command.task.TaskDesk;
import dev.flotilla.command.task.TaskRow;
import dev.flotilla.command.task.budget.PolicyStore;
import dev.flotilla.command.task.life.Timekeeper;
import dev.flotilla.command.task.queue.Reconciler;
import dev.flotilla.command.task.queue.TaskQueue;
import dev.flotilla.config.FleetConfig;
import dev.flotilla.contract.Priority;
import dev.flotilla.fault.Fault;
import dev.flotilla.identity.NodeId;
import dev.flotilla.node.Wiring;
import dev.flotilla.retry.Backoff;
import dev.flotilla.store.StoreFaults;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The dispatching half of a command node: its bells, its clocks, and its end.
public final class Dispatch implements TaskDesk {
  private static final Logger LOG = LoggerFactory.getLogger(Dispatch.class);
  private static final Duration EXPIRE_INTERVAL = Duration.ofSeconds(1);
  private static final Duration GLANCE_INTERVAL = Duration.ofSeconds(3);
  private static final Duration CLOCK_INTERVAL = Duration.ofMillis(500);
  private static final Duration AGE_INTERVAL = Duration.ofSeconds(10);
  private static final String OLDEST =
      """
      select priority, extract(epoch from now() - min(coalesce(due_at, created_at)))::float8 as age
      from tasks where state = 'pending' group by priority
      """;
  private static final Duration DEPTH_INTERVAL = Duration.ofSeconds(2);

  private final Bus bus;
  private final FleetConfig.Command config;
  private final NodeId node;
  private final Fibers fibers;
  private final TaskQueue queue;
  private final Transactions transactions;
  private final Reconciler reconciler;
  private final CommandMeters meters;
  private final Holdings holdings;
  private final Dispatcher dispatcher;
  private final Timekeeper timekeeper;
  private final List<Registration> registrations = new ArrayList<>();

  public Dispatch(
      Wiring wiring,
      Fibers fibers,
      TaskQueue queue,
      Transactions transactions,
      InstanceStore instances,
      CommandMeters meters) {
    this.bus = wiring.bus();
    this.config = wiring.config().command();
    this.node = wiring.membership().self().id();
    this.fibers = fibers;
    this.queue = queue;
    this.transactions = transactions;
    this.meters = meters;
    this.reconciler = new Reconciler(queue, transactions, meters);
    LeaseStore leases = new LeaseStore();
    Backoff backoff =
        new Backoff(config.retryDelay(), config.maxRetryDelay(), ThreadLocalRandom.current());
    AttemptStore attempts = new AttemptStore();
    SessionHomes homes = new SessionHomes();
    Dependents dependents = new Dependents(this);
    Endings endings =
        new Endings(
            fibers,
            transactions,
            leases,
            attempts,
            new PolicyStore(),
            dependents,
            backoff,
            meters,
            wiring.clock());
    this.timekeeper = new Timekeeper(transactions, dependents, this, wiring.clock());
    this.holdings = new Holdings(transactions, leases, queue, node, config.lease(), meters);
    this.dispatcher =
        new Dispatcher(
            node,
            config.maxRunning(),
            config.lease(),
            queue,
            reconciler,
            transactions,
            leases,
            new Placement(bus, queue, node),
            new Claims(
                fibers,
                transactions,
                leases,
                attempts,
                homes,
                node,
                config.lease(),
                meters,
                wiring.clock()),
            homes,
            holdings,
            new Follower(
                node,
                bus,
                transactions,
                instances,
                endings,
                holdings,
                fibers,
                config.leaseRenewal(),
                config.lease(),
                config.runPatience(),
                wiring.clock(),
                wiring.tracing()),
            fibers);
  }

  /// Listens and begins to take tasks.
  public Future<Void> start() {
    registrations.add(bus.listen(Addresses.QUEUE, _ -> dispatcher.poke()));
    registrations.add(bus.listen(Addresses.runEnded(node), holdings::tell));
    registrations.add(
        bus.listen(Addresses.leases(node), _ -> fibers.fire("renew leases", holdings::renew)));
    registrations.add(
        bus.listen(Addresses.INSTANCES_CHANGED, _ -> fibers.fire("wake", this::wake)));
    fibers.every(config.pollInterval(), "poll", dispatcher::poke);
    fibers.every(config.leaseRenewal(), "renew leases", holdings::renew);
    fibers.every(EXPIRE_INTERVAL, "expire leases", this::expire);
    fibers.every(GLANCE_INTERVAL, "glance", reconciler::glance);
    fibers.every(CLOCK_INTERVAL, "what time does", timekeeper::run);
    fibers.every(config.reconcileInterval(), "reconcile", reconciler::run);
    fibers.every(AGE_INTERVAL, "age", () -> meters.ages(oldest()));
    fibers.every(DEPTH_INTERVAL, "depth", () -> queue.depth().forEach(meters::depth));
    return Future.all(registrations.stream().map(Registration::ready).toList()).mapEmpty();
  }

  /// For how many seconds the oldest pending task of each level has waited.
  private Map<Priority, Double> oldest() {
    Map<Priority, Double> ages = new EnumMap<>(Priority.class);
    transactions
        .direct()
        .run(OLDEST)
        .forEach(row -> ages.put(Priority.named(row.getString("priority")), row.getDouble("age")));
    return ages;
  }

  private void wake() {
    if (queue.wake() > 0) {
      dispatcher.poke();
    }
  }

  private void expire() {
    if (!queue.expire().isEmpty()) {
      dispatcher.poke();
    }
  }

  @Override
  public void queued(List<TaskRow> tasks) {
    inQueue("enqueue", tasks, queue::add);
  }

  @Override
  public void queuedAgain(List<TaskRow> tasks) {
    // Their last holders may not have taken them out yet.
    inQueue("enqueue again", tasks, queue::force);
  }

  @Override
  public void ended(List<TaskRow> tasks) {
    inQueue("remove", tasks, gone -> queue.finish(gone.stream().map(TaskRow::id).toList()));
  }

  @Override
  public void rulesChanged() {
    fibers.fire("rules", this::applyRules);
  }

  private void applyRules() {
    reconciler.applyRules();
    bus.publish(Addresses.QUEUE, new Bell());
  }

  @Override
  public void cancelRequested(NodeId holder) {
    bus.publish(Addresses.leases(holder), new Bell());
  }

  private void inQueue(String what, List<TaskRow> tasks, Consumer<List<TaskRow>> move) {
    if (tasks.isEmpty()) {
      return;
    }
    fibers.fire(
        what,
        () -> {
          try {
            move.accept(tasks);
            bus.publish(Addresses.QUEUE, new Bell());
          } catch (RuntimeException failure) {
            reconciler.want();
            throw failure;
          }
        });
  }

  /// Takes no task any more.
  public Future<Void> stopTaking() {
    dispatcher.stop();
    return Future.join(registrations.stream().map(Registration::close).toList()).mapEmpty();
  }

  /// Hands the runs over to other nodes. They go on at their instances meanwhile.
  ///
  /// @return how many
  public int handOver() {
    int held = holdings.size();
    try {
      holdings.release();
      bus.publish(Addresses.QUEUE, new Bell());
    } catch (Throwable failure) {
      Fault fault = StoreFaults.of(failure);
      if (fault == null) {
        throw failure;
      }
      LOG.warn("{} leases run out by themselves: {}", held, fault.message());
    }
    return held;
  }
}
