package dev.flotilla.command;

import dev.flotilla.bus.Addresses;
import dev.flotilla.bus.Bell;
import dev.flotilla.bus.Registration;
import dev.flotilla.command.account.Accounts;
import dev.flotilla.command.agent.ListAgents;
import dev.flotilla.command.alert.AlertWatch;
import dev.flotilla.command.alert.RaiseAlert;
import dev.flotilla.command.alert.WebhookCaller;
import dev.flotilla.command.alert.Webhooks;
import dev.flotilla.command.audit.AuditStore;
import dev.flotilla.command.idempotency.Fingerprint;
import dev.flotilla.command.idempotency.IdempotencyStore;
import dev.flotilla.command.idempotency.KeySweeper;
import dev.flotilla.command.instance.GetInstance;
import dev.flotilla.command.instance.InstanceDesk;
import dev.flotilla.command.instance.InstanceStore;
import dev.flotilla.command.instance.InstanceViews;
import dev.flotilla.command.instance.ListInstances;
import dev.flotilla.command.instance.RegisterInstance;
import dev.flotilla.command.instance.RemoveInstance;
import dev.flotilla.command.instance.RevokeCredential;
import dev.flotilla.command.instance.TestInstance;
import dev.flotilla.command.instance.UpdateInstance;
import dev.flotilla.command.instance.WishInstance;
import dev.flotilla.command.instance.declared.DeclaredInstances;
import dev.flotilla.command.instance.declared.Reload;
import dev.flotilla.command.node.CheckNodes;
import dev.flotilla.command.node.ListNodes;
import dev.flotilla.command.node.RebalanceNodes;
import dev.flotilla.command.node.SessionCounts;
import dev.flotilla.command.ops.ExplainRoute;
import dev.flotilla.command.ops.FindPosition;
import dev.flotilla.command.ops.OpsHandlers;
import dev.flotilla.command.ops.RoutePolicies;
import dev.flotilla.command.ops.ShowTopology;
import dev.flotilla.command.peer.PeerDesk;
import dev.flotilla.command.peer.Peers;
import dev.flotilla.command.pipeline.Handlers;
import dev.flotilla.command.pipeline.Pipeline;
import dev.flotilla.command.presence.ListPresence;
import dev.flotilla.command.retention.RetentionPolicies;
import dev.flotilla.command.retention.Sweep;
import dev.flotilla.command.store.Transactions;
import dev.flotilla.command.system.GetSystem;
import dev.flotilla.command.task.AttemptStore;
import dev.flotilla.command.task.CancelTask;
import dev.flotilla.command.task.CreateTask;
import dev.flotilla.command.task.Dependents;
import dev.flotilla.command.task.GetTask;
import dev.flotilla.command.task.ListAttempts;
import dev.flotilla.command.task.ListTasks;
import dev.flotilla.command.task.NewTasks;
import dev.flotilla.command.task.RetryTask;
import dev.flotilla.command.task.TaskStore;
import dev.flotilla.command.task.ask.QueueHandlers;
import dev.flotilla.command.task.budget.Budgets;
import dev.flotilla.command.task.budget.PolicyStore;
import dev.flotilla.command.task.dead.DeadLetterDesk;
import dev.flotilla.command.task.dead.DeadLetterStore;
import dev.flotilla.command.task.dispatch.Dispatch;
import dev.flotilla.command.task.dispatch.SessionHomes;
import dev.flotilla.command.task.life.WaitForTask;
import dev.flotilla.command.task.life.Waiters;
import dev.flotilla.command.task.queue.TaskQueue;
import dev.flotilla.command.task.rule.PauseQueue;
import dev.flotilla.command.task.rule.PauseStore;
import dev.flotilla.command.task.rule.QueuePolicies;
import dev.flotilla.command.task.rule.ReadStats;
import dev.flotilla.command.task.schedule.ScheduleDesk;
import dev.flotilla.command.task.schedule.ScheduleStore;
import dev.flotilla.command.task.schedule.Scheduler;
import dev.flotilla.command.tenant.Quotas;
import dev.flotilla.command.tenant.Reaper;
import dev.flotilla.command.tenant.TenantDesk;
import dev.flotilla.command.tenant.TenantExport;
import dev.flotilla.command.tenant.TenantHandlers;
import dev.flotilla.command.tenant.TenantStore;
import dev.flotilla.command.thread.LiveTexts;
import dev.flotilla.command.thread.ReadThread;
import dev.flotilla.command.thread.ThreadDesk;
import dev.flotilla.command.thread.ThreadStore;
import dev.flotilla.command.work.ask.WorkHandlers;
import dev.flotilla.command.work.attend.Attend;
import dev.flotilla.config.FleetConfig;
import dev.flotilla.config.FleetConfig.Command.Retention;
import dev.flotilla.credential.Vault;
import dev.flotilla.egress.Egress;
import dev.flotilla.node.Wiring;
import dev.flotilla.presence.Roster;
import dev.flotilla.store.SlowStart;
import dev.flotilla.telemetry.Complaints;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A command node: answers commands, and runs queued tasks on instances. Deploy it on virtual
/// threads. Stopping it is its drain: commands in flight are answered, runs are handed over.
public final class CommandVerticle extends VerticleBase {
  private static final Logger LOG = LoggerFactory.getLogger(CommandVerticle.class);
  private static final Duration SWEEP_INTERVAL = Duration.ofMinutes(1);
  private static final Duration REAP_INTERVAL = Duration.ofSeconds(2);
  private static final Duration WAIT_INTERVAL = Duration.ofMillis(100);
  private static final Duration ALERT_INTERVAL = Duration.ofSeconds(1);
  private static final Duration RELOAD_INTERVAL = Duration.ofSeconds(2);
  private static final Duration FOLLOW_INTERVAL = Duration.ofMillis(250);
  private static final Duration ATTEND_INTERVAL = Duration.ofSeconds(1);
  private static final Duration SCHEDULE_INTERVAL = Duration.ofSeconds(1);
  private static final Duration TURN = Duration.ofSeconds(1);

  /// As `/health/live` names it.
  private static final String LOOP = "command";

  private final Wiring wiring;
  private @Nullable Fibers fibers;
  private @Nullable Dispatch dispatch;
  private final List<Registration> answers = new ArrayList<>();

  public CommandVerticle(Wiring wiring) {
    this.wiring = wiring;
  }

  @Override
  public Future<?> start() {
    Fibers work = new Fibers(vertx, context);
    fibers = work;
    CommandMeters meters = new CommandMeters(wiring.meters());
    Transactions transactions = new Transactions(wiring.stores().postgres(), wiring.log(), limit());
    TaskQueue queue = new TaskQueue(wiring.stores().redis());
    InstanceStore instances = new InstanceStore();
    Dispatch dispatching = new Dispatch(wiring, work, queue, transactions, instances, meters);
    dispatch = dispatching;
    IdempotencyStore keys =
        new IdempotencyStore(wiring.clock(), wiring.config().command().idempotencyTtl());
    AuditStore audit = new AuditStore();
    Accounts accounts =
        new Accounts(
            vertx, wiring.bus(), transactions, audit, wiring.config().accounts(), wiring.clock());
    Retention kept = wiring.config().command().retention();
    RetentionPolicies retention = new RetentionPolicies(kept);
    Sweep sweep =
        new Sweep(retention, transactions, meters, wiring.readiness()::draining, wiring.clock());
    work.every(kept.interval(), "remove what is old", sweep::run);
    Pipeline pipeline =
        new Pipeline(
            handlers(dispatching, instances, accounts, retention, transactions, work),
            transactions,
            keys,
            new Fingerprint(
                wiring.config().identity().secret(), wiring.config().identity().retiredSecrets()),
            audit,
            meters,
            wiring.clock(),
            wiring.tracing());
    work.every(SWEEP_INTERVAL, "sweep keys", new KeySweeper(keys, transactions)::run);
    reportReadiness(work, transactions, queue);
    // Its timers run one by one with all other work: whatever holds that up holds this up.
    vertx.setPeriodic(TURN.toMillis(), _ -> wiring.readiness().turns(LOOP));
    watch(work, transactions, instances);
    work.every(SWEEP_INTERVAL, "sweep sessions", accounts::sweep);
    answers.add(
        wiring
            .bus()
            .answer(Addresses.EXECUTE, request -> work.start(() -> pipeline.execute(request))));
    answers.addAll(accounts.answer(work::start));
    return applyDeclared(work, transactions)
        .compose(
            _ ->
                Future.all(
                    Future.all(answers.stream().map(Registration::ready).toList()),
                    dispatching.start()));
  }

  /// A file that cannot be applied stops the start: what it says must not be half true.
  private Future<Void> applyDeclared(Fibers work, Transactions transactions) {
    String file = wiring.config().registry().instancesFile();
    if (file == null) {
      return Future.succeededFuture();
    }
    Reload reload =
        new Reload(
            new DeclaredInstances(
                transactions,
                new Vault(wiring.config().credentials()),
                wiring.clock(),
                () -> wiring.bus().publish(Addresses.INSTANCES_CHANGED, new Bell())),
            Path.of(file),
            System.getenv(),
            wiring.meters());
    return SlowStart.outlast(
            vertx,
            () ->
                work.start(
                    () -> {
                      reload.begin();
                      return file;
                    }))
        .<Void>mapEmpty()
        .onSuccess(_ -> work.every(RELOAD_INTERVAL, "reload instances", reload::look));
  }

  private void watch(Fibers work, Transactions transactions, InstanceStore instances) {
    FleetConfig.Registry registry = wiring.config().registry();
    AlertWatch alerts =
        new AlertWatch(
            wiring.bus(),
            transactions,
            instances,
            registry.health().alertAfter(),
            registry.reportLimit(),
            wiring.clock());
    work.every(ALERT_INTERVAL, "look for trouble", alerts::look);
    WebhookCaller caller =
        new WebhookCaller(
            transactions,
            vertx,
            new Vault(wiring.config().credentials()),
            Egress.toWebhooks(wiring.config().egress()),
            wiring.clock());
    work.every(ALERT_INTERVAL, "call webhooks", caller::call);
    work.every(SWEEP_INTERVAL, "sweep webhook calls", caller::sweep);
  }

  /// Less than a gateway waits before it asks another node.
  private Duration longestWait() {
    return wiring.config().gateway().commandTimeout().multipliedBy(2).dividedBy(5);
  }

  /// Less than a gateway waits, so that it hears what was wrong.
  private Duration limit() {
    return wiring.config().gateway().commandTimeout().multipliedBy(9).dividedBy(10);
  }

  private Handlers handlers(
      Dispatch dispatching,
      InstanceStore instances,
      Accounts accounts,
      RetentionPolicies retention,
      Transactions transactions,
      Fibers work) {
    TaskStore tasks = new TaskStore();
    TenantStore tenants = new TenantStore();
    work.every(
        REAP_INTERVAL,
        "delete tenants",
        new Reaper(
                tenants,
                tasks,
                dispatching,
                wiring.bus(),
                transactions,
                wiring.readiness()::draining,
                new Complaints<>(),
                wiring.clock())
            ::run);
    PolicyStore policies = new PolicyStore();
    NewTasks newTasks =
        new NewTasks(
            tasks, new Budgets(policies), dispatching, wiring.config().command(), wiring.clock());
    CreateTask createTask = new CreateTask(newTasks);
    Attend attend =
        new Attend(
            wiring.stores().redis(),
            wiring.log(),
            wiring.config().presence().lease().multipliedBy(2));
    work.every(ATTEND_INTERVAL, "tell who has left items", attend::look);
    WorkHandlers tracked = WorkHandlers.of(newTasks, wiring.log(), attend, wiring.clock());
    work.every(
        FOLLOW_INTERVAL,
        "tell items of their tasks",
        tracked.followTasks(transactions, wiring.clock())::look);
    CancelTask cancelTask = new CancelTask(tasks, new Dependents(dispatching), dispatching);
    InstanceViews views =
        new InstanceViews(wiring.bus(), wiring.clock(), wiring.config().registry().reportLimit());
    Vault vault = new Vault(wiring.config().credentials());
    Egress egress = Egress.toInstances(wiring.config().egress());
    SessionCounts sessions = new SessionCounts(wiring.membership(), wiring.bus());
    return new Handlers(
        createTask,
        new GetTask(tasks),
        new ListTasks(tasks),
        cancelTask,
        new RetryTask(tasks, dispatching),
        queueHandlers(createTask, newTasks, tasks, policies, dispatching, transactions, work),
        opsHandlers(instances, views, tasks),
        accounts.handlers(),
        tracked,
        new TenantHandlers(
            new TenantDesk(tenants, accounts.revoker(), dispatching), new TenantExport(tenants)),
        new Quotas(),
        new ReadThread(tasks, new LiveTexts(wiring.bus())),
        new ThreadDesk(new ThreadStore(), cancelTask),
        retention,
        new ListAgents(instances, views, tasks),
        new RegisterInstance(instances, views, vault, egress, wiring.bus()),
        new InstanceDesk(
            new UpdateInstance(instances, views, vault, egress, wiring.bus()),
            new RevokeCredential(instances, views, vault, wiring.bus()),
            new TestInstance(instances, wiring.bus(), limit())),
        new PeerDesk(
            new Peers(instances, views, wiring.bus(), limit().multipliedBy(3).dividedBy(4))),
        new GetInstance(instances, views),
        new ListInstances(instances, views),
        new RemoveInstance(instances, wiring.bus()),
        new GetSystem(
            new ListNodes(wiring.membership(), sessions),
            new ListInstances(instances, views),
            tasks),
        new ListNodes(wiring.membership(), sessions),
        new RebalanceNodes(sessions),
        new ListPresence(new Roster(wiring.stores().redis())),
        new RaiseAlert(wiring.clock()));
  }

  private OpsHandlers opsHandlers(InstanceStore instances, InstanceViews views, TaskStore tasks) {
    return new OpsHandlers(
        new WishInstance(instances, views, wiring.bus()),
        new ExplainRoute(wiring.bus(), new SessionHomes()),
        new RoutePolicies(wiring.bus()),
        new ShowTopology(wiring.membership(), new ListInstances(instances, views)),
        new FindPosition(new GetTask(tasks)),
        new CheckNodes(wiring.membership(), wiring.bus(), wiring.clock()),
        new Webhooks(
            new Vault(wiring.config().credentials()),
            Egress.toWebhooks(wiring.config().egress()),
            wiring.clock()));
  }

  private QueueHandlers queueHandlers(
      CreateTask createTask,
      NewTasks newTasks,
      TaskStore tasks,
      PolicyStore policies,
      Dispatch dispatching,
      Transactions transactions,
      Fibers work) {
    Waiters waiters = new Waiters(transactions);
    work.every(WAIT_INTERVAL, "look for ended tasks", waiters::look);
    ScheduleStore schedules = new ScheduleStore();
    Scheduler scheduler = new Scheduler(schedules, newTasks, transactions, wiring.clock());
    work.every(SCHEDULE_INTERVAL, "run schedules", scheduler::run);
    work.every(SWEEP_INTERVAL, "sweep usage", () -> policies.sweep(transactions.direct()));
    PauseStore pauses = new PauseStore();
    return new QueueHandlers(
        createTask,
        new ListAttempts(tasks, new AttemptStore()),
        new WaitForTask(new GetTask(tasks), waiters, work, longestWait()),
        new DeadLetterDesk(tasks, new DeadLetterStore(), dispatching),
        new ReadStats(pauses),
        new PauseQueue(pauses, dispatching),
        new QueuePolicies(policies, dispatching),
        new ScheduleDesk(schedules, newTasks));
  }

  /// Without PostgreSQL nothing can be answered; without Redis commands are, but no task starts.
  private void reportReadiness(Fibers work, Transactions transactions, TaskQueue queue) {
    wiring
        .readiness()
        .add(
            "postgres",
            () ->
                work.start(
                    () -> {
                      transactions.direct().run("select 1");
                      return null;
                    }));
    wiring
        .readiness()
        .add(
            "redis",
            () ->
                work.start(
                    () -> {
                      queue.ping();
                      return null;
                    }));
  }

  @Override
  public Future<?> stop() {
    Dispatch dispatching = dispatch;
    Fibers work = fibers;
    if (dispatching == null || work == null) {
      return Future.succeededFuture();
    }
    Future<?> silent = Future.join(answers.stream().map(Registration::close).toList());
    return Future.join(silent, dispatching.stopTaking())
        .transform(_ -> work.start(dispatching::handOver))
        .transform(_ -> work.idle().timeout(limit().toMillis(), TimeUnit.MILLISECONDS))
        .onFailure(late -> LOG.warn("stopping with work unfinished: {}", late.getMessage()))
        .onComplete(_ -> wiring.readiness().ends(LOOP))
        .otherwiseEmpty();
  }
}
