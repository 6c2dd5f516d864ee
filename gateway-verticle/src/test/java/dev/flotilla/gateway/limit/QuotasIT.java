package dev.flotilla.gateway.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.flotilla.contract.RateClass;
import dev.flotilla.fault.Fault;
import dev.flotilla.identity.TenantId;
import dev.flotilla.identity.UserId;
import dev.flotilla.telemetry.MeterNames;
import dev.flotilla.testkit.StoreProxy;
import dev.flotilla.testkit.TestStores;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.Request;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class QuotasIT {
  private static final TenantId ACME = new TenantId("acme");
  private static final TenantId GLOBEX = new TenantId("globex");
  private static final UserId ALICE = new UserId("alice");
  private static final UserId BOB = new UserId("bob");
  private static final int RATE = 100;

  /// A token and a half come back in a second; what two nodes run ahead by is half of what is left.
  private static final int SLACK = RATE / 10;

  private final String url = TestStores.fresh().redis().url().reveal();
  private final StoreProxy proxy = new StoreProxy(URI.create(url).getPort());
  private final Vertx vertx = Vertx.vertx();
  private final Redis redis = Redis.createClient(vertx, url);
  private final List<SimpleMeterRegistry> meters = new ArrayList<>();
  private final long start = System.nanoTime();

  @BeforeEach
  void empty() {
    redis.send(Request.cmd(Command.FLUSHDB)).await();
  }

  @AfterEach
  void close() {
    vertx.close().await();
    proxy.close();
  }

  private Quotas node() {
    return node(url, Duration.ofSeconds(60));
  }

  private Quotas node(String redisUrl, Duration idle) {
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    meters.add(registry);
    return new Quotas(
        vertx, Redis.createClient(vertx, redisUrl), registry, _ -> RateClass.STANDARD, idle);
  }

  private String throughProxy() {
    return url.replaceFirst(":\\d+/", ":" + proxy.port() + "/");
  }

  private static Limiter session(Quotas node, int userRate, int tenantRate, UserId who) {
    return session(node, userRate, tenantRate, ACME, who);
  }

  private static Limiter session(
      Quotas node, int userRate, int tenantRate, TenantId whose, UserId who) {
    Limiter limiter = new Limiter(LimiterTest.limits(0, 0, userRate, tenantRate), node, 0);
    limiter.authenticated(whose, who);
    return limiter;
  }

  private static int spend(Limiter limiter) {
    return RATE - LimiterTest.refusals(limiter, RATE, System.nanoTime()).size();
  }

  /// What comes back while the test runs.
  private int refilled() {
    return (int) (Duration.ofNanos(System.nanoTime() - start).toMillis() * RATE / 60_000) + 1;
  }

  private static Fault awaitRefusal(Limiter limiter) {
    await().until(() -> limiter.take(System.nanoTime()) != null);
    return Objects.requireNonNull(limiter.take(System.nanoTime()));
  }

  private double count(int node, String meter) {
    return meters.get(node).find(meter).counters().stream().mapToDouble(each -> each.count()).sum();
  }

  @Test
  void sessionsOnTwoNodesShareTheBudgetOfTheirUser() {
    Limiter here = session(node(), RATE, 0, ALICE);
    Limiter there = session(node(), RATE, 0, ALICE);
    int[] allowed = {0};
    await()
        .untilAsserted(
            () -> {
              allowed[0] += spend(here) + spend(there);
              assertThat(allowed[0]).isGreaterThanOrEqualTo(RATE);
            });
    assertThat(allowed[0]).isLessThanOrEqualTo(RATE + SLACK + refilled());
    assertThat(awaitRefusal(there).message()).contains("100 messages per minute from one user");
  }

  @Test
  void usersOfATenantShareItsBudget() {
    Limiter alice = session(node(), 0, RATE, ALICE);
    Limiter bob = session(node(), 0, RATE, BOB);
    await().until(() -> spend(alice) == 0);
    assertThat(awaitRefusal(bob).message()).contains("100 messages per minute from one tenant");
  }

  @Test
  void anotherTenantsUserOfTheSameNameHasABudgetOfItsOwn() {
    Quotas node = node();
    Limiter here = session(node, RATE, RATE, ALICE);
    Limiter there = session(node, RATE, RATE, GLOBEX, ALICE);
    await().until(() -> spend(here) == 0);
    assertThat(there.take(System.nanoTime())).isNull();
  }

  @Test
  void aBurstIsNotKeptWaitingForRedis() {
    Limiter limiter = session(node(), RATE, 0, ALICE);
    assertThat(LimiterTest.refusals(limiter, RATE / 2, System.nanoTime())).isEmpty();
  }

  @Test
  void whoWaitsAsLongAsTheRefusalSaysIsServed() {
    Limiter limiter = session(node(), RATE, 0, ALICE);
    await().until(() -> spend(limiter) == 0);
    long wait = Objects.requireNonNull(awaitRefusal(limiter).retryAfterMs());
    long ready = System.nanoTime() + Duration.ofMillis(wait).toNanos();
    await().until(() -> System.nanoTime() - ready > 0);
    assertThat(limiter.take(System.nanoTime())).isNull();
  }

  @Test
  void whileRedisIsAwayEachNodeGivesTheWholeRateAndSaysSo() {
    Limiter here = session(node(throughProxy(), Duration.ofSeconds(60)), RATE, 0, ALICE);
    Limiter there = session(node(throughProxy(), Duration.ofSeconds(60)), RATE, 0, ALICE);
    proxy.cut();
    int[] allowed = {0, 0};
    await()
        .untilAsserted(
            () -> {
              allowed[0] += spend(here);
              allowed[1] += spend(there);
              assertThat(allowed[0]).isGreaterThanOrEqualTo(RATE - SLACK);
              assertThat(allowed[1]).isGreaterThanOrEqualTo(RATE - SLACK);
            });
    assertThat(count(0, MeterNames.QUOTA_LOCAL)).isPositive();
    assertThat(count(1, MeterNames.QUOTA_LOCAL)).isPositive();
    assertThat(allowed[0]).isLessThanOrEqualTo(RATE + RATE / 2 + SLACK + refilled());
  }

  @Test
  void whenRedisIsBackTheBudgetIsSharedAgain() {
    Limiter here = session(node(throughProxy(), Duration.ofSeconds(60)), RATE, 0, ALICE);
    proxy.cut();
    await().until(() -> spend(here) >= 0 && count(0, MeterNames.QUOTA_LOCAL) > 0);
    proxy.restore();
    Limiter there = session(node(), RATE, 0, ALICE);
    await().until(() -> spend(there) == 0);
    await()
        .untilAsserted(
            () -> {
              double before = count(0, MeterNames.QUOTA_LOCAL);
              assertThat(here.take(System.nanoTime())).isNotNull();
              assertThat(count(0, MeterNames.QUOTA_LOCAL)).isEqualTo(before);
              assertThat(redis.send(Request.cmd(Command.DBSIZE)).await().toInteger()).isPositive();
            });
  }

  @Test
  void aRedisThatFallsSilentKeepsNobodyWaiting() {
    Limiter here = session(node(throughProxy(), Duration.ofSeconds(60)), RATE, 0, ALICE);
    assertThat(here.take(System.nanoTime())).isNull();
    proxy.freeze();
    int[] allowed = {0};
    await()
        .untilAsserted(
            () -> {
              allowed[0] += spend(here);
              assertThat(count(0, MeterNames.QUOTA_LOCAL)).isPositive();
            });
    assertThat(allowed[0]).isPositive();
  }

  @Test
  void whoIsGoneIsForgottenHereAndInRedis() {
    Quotas node = node();
    Limiter limiter = session(node, RATE, RATE, ALICE);
    await().until(() -> redis.send(Request.cmd(Command.DBSIZE)).await().toInteger() == 2);
    assertThat(meters.getFirst().get(MeterNames.QUOTAS).gauge().value()).isEqualTo(2);
    limiter.close();
    await()
        .untilAsserted(
            () -> {
              assertThat(meters.getFirst().get(MeterNames.QUOTAS).gauge().value()).isZero();
              assertThat(redis.send(Request.cmd(Command.DBSIZE)).await().toInteger()).isZero();
            });
  }
}
