package dev.flotilla.gateway.limit;

import dev.flotilla.contract.RateClass;
import dev.flotilla.identity.TenantId;
import dev.flotilla.identity.UserId;
import dev.flotilla.store.LuaScript;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What users and tenants may say per minute over all nodes: one per node, for all its event loops.
///
/// Taking never waits. What has to be settled with Redis is collected and sent in one script, with
/// at most one under way, from the context that made this. While Redis is away, each budget is a
/// bucket of this node alone.
public final class Quotas {
  private static final Logger LOG = LoggerFactory.getLogger(Quotas.class);

  /// All keys begin with it. The hash tag keeps them in one slot of a Redis Cluster.
  static final String PREFIX = "flotilla:{rate}:";

  private static final LuaScript LEASE = LuaScript.of(Quotas.class, "lease");
  private static final int BATCH = 200;
  private static final long ANSWER_MS = 1_000;
  private static final long BEAT_MS = 1_000;

  /// Someone who is refused again and again makes no more work than this for Redis.
  private static final long ASK_AGAIN = TimeUnit.MILLISECONDS.toNanos(250);

  private final Redis redis;
  private final LimitMeters meters;
  private final Function<TenantId, RateClass> classes;
  private final long idle;
  private final Context home;
  private final Map<String, Budget> budgets = new ConcurrentHashMap<>();
  private final Queue<Budget> waiting = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean called = new AtomicBoolean();
  private volatile boolean away;
  private boolean underWay;
  private long timer = -1;

  /// @param classes which tenants may say more or less
  public Quotas(
      Vertx vertx, Redis redis, MeterRegistry registry, Function<TenantId, RateClass> classes) {
    this(vertx, redis, registry, classes, Duration.ofSeconds(10));
  }

  /// @param idle how long leased tokens are kept without being spent
  Quotas(
      Vertx vertx,
      Redis redis,
      MeterRegistry registry,
      Function<TenantId, RateClass> classes,
      Duration idle) {
    this.redis = redis;
    this.classes = classes;
    this.meters = new LimitMeters(registry);
    this.idle = idle.toNanos();
    this.home = vertx.getOrCreateContext();
    meters.watch(budgets);
    home.runOnContext(_ -> timer = vertx.setPeriodic(BEAT_MS, _ -> beat()));
  }

  /// Ends the timer. What is leased comes back as buckets fill.
  public void stop() {
    home.runOnContext(_ -> home.owner().cancelTimer(timer));
  }

  LimitMeters meters() {
    return meters;
  }

  RateClass classOf(TenantId tenant) {
    return classes.apply(tenant);
  }

  /// The user's budget, to be given back with [#close]. Sessions with another rate have another.
  Budget open(TenantId tenant, UserId user, int perMinute) {
    return open("user:" + perMinute + ":" + tenant.value() + ":" + user.value(), perMinute);
  }

  Budget open(TenantId tenant, int perMinute) {
    return open("tenant:" + perMinute + ":" + tenant.value(), perMinute);
  }

  /// Takes a token of a bucket that no session holds.
  ///
  /// @return 0 where there was one, else how long to wait
  long takeOnce(String key, int perMinute, long now) {
    Budget budget = open(key, perMinute);
    try {
      return take(budget, now) ? 0 : Math.max(1, budget.waitNanos(now));
    } finally {
      close(budget);
    }
  }

  /// Gives back what [#takeOnce] took.
  void putBackOnce(String key, int perMinute) {
    Budget budget = open(key, perMinute);
    budget.putBack();
    close(budget);
  }

  private Budget open(String key, int perMinute) {
    long now = System.nanoTime();
    Budget budget =
        budgets.compute(
            key,
            (_, known) -> {
              Budget held = known == null ? new Budget(PREFIX + key, perMinute, now) : known;
              held.hold();
              return held;
            });
    if (budget.runsLow()) {
      ask(budget, now);
    }
    return budget;
  }

  void close(Budget budget) {
    budget.release();
  }

  /// Takes a token of the budget, if the fleet has one.
  boolean take(Budget budget, long now) {
    if (budget.takeLeased(now)) {
      if (budget.runsLow()) {
        ask(budget, now);
      }
      return true;
    }
    if (away) {
      boolean taken = budget.takeOwn(now);
      if (taken) {
        meters.letThroughLocally();
      }
      return taken;
    }
    boolean taken = budget.runAhead(now);
    if (taken || !budget.askedSince(now - ASK_AGAIN)) {
      ask(budget, now);
    }
    return taken;
  }

  private void ask(Budget budget, long now) {
    if (!away && budget.beginAsking(now)) {
      waiting.add(budget);
      if (called.compareAndSet(false, true)) {
        home.runOnContext(_ -> settle());
      }
    }
  }

  private void settle() {
    called.set(false);
    if (underWay) {
      return;
    }
    List<Settlement> batch = new ArrayList<>();
    long before = System.nanoTime() - idle;
    for (Budget next = waiting.poll(); next != null; next = waiting.poll()) {
      batch.add(next.settlement(next.idleSince(before)));
      if (batch.size() == BATCH) {
        break;
      }
    }
    if (!batch.isEmpty()) {
      underWay = true;
      LEASE
          .run(redis, batch.stream().map(each -> each.budget().key()).toList(), arguments(batch))
          .timeout(ANSWER_MS, TimeUnit.MILLISECONDS)
          .onComplete(answer -> settled(batch, answer), failure -> unsettled(batch, failure));
    }
  }

  private static List<String> arguments(List<Settlement> batch) {
    return batch.stream().flatMap(each -> each.arguments().stream()).toList();
  }

  private void settled(List<Settlement> batch, @Nullable Response answer) {
    underWay = false;
    if (answer == null || answer.size() != 2 * batch.size()) {
      throw new IllegalStateException("Each bucket has two numbers in the answer");
    }
    long now = System.nanoTime();
    for (int i = 0; i < batch.size(); i++) {
      Settlement asked = batch.get(i);
      long debt = TimeUnit.MICROSECONDS.toNanos(answer.get(2 * i + 1).toLong());
      asked.budget().settled(asked, answer.get(2 * i).toInteger(), debt, now);
      if (asked.budget().owes()) {
        ask(asked.budget(), now);
      }
    }
    if (away) {
      away = false;
      LOG.info("rates are counted over all nodes again");
    }
    settle();
  }

  private void unsettled(List<Settlement> batch, Throwable failure) {
    underWay = false;
    batch.forEach(asked -> asked.budget().unsettled(asked));
    waiting.clear();
    if (failure instanceof IllegalStateException) {
      LOG.error("rates cannot be settled", failure);
    }
    if (!away) {
      away = true;
      LOG.warn("rates are counted by each node alone: {}", failure.getMessage());
    }
    budgets.values().forEach(Budget::forgive);
  }

  /// Looks whether Redis is back, lets go of what nobody needs, and forgets who is gone.
  private void beat() {
    long now = System.nanoTime();
    if (away) {
      probe();
    }
    for (Map.Entry<String, Budget> entry : budgets.entrySet()) {
      Budget budget = entry.getValue();
      if (budget.hasLease() && budget.idleSince(now - idle)) {
        if (away) {
          budget.settlement(true); // There is nobody to give it back to.
        } else {
          ask(budget, now);
        }
      }
      if (budget.spare(now)) {
        budgets.computeIfPresent(entry.getKey(), (_, known) -> known.spare(now) ? null : known);
      }
    }
  }

  /// An empty settlement; one at a time.
  private void probe() {
    if (!underWay) {
      underWay = true;
      LEASE
          .run(redis, List.of(), List.of())
          .timeout(ANSWER_MS, TimeUnit.MILLISECONDS)
          .onComplete(
              answer -> settled(List.of(), answer), failure -> unsettled(List.of(), failure));
    }
  }
}
