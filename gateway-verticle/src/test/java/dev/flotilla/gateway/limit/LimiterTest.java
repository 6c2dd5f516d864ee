package dev.flotilla.gateway.limit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flotilla.config.FleetConfig.DialectLimits;
import dev.flotilla.contract.RateClass;
import dev.flotilla.fault.Fault;
import dev.flotilla.fault.FaultCode;
import dev.flotilla.identity.TenantId;
import dev.flotilla.identity.UserId;
import dev.flotilla.telemetry.MeterNames;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Redis;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Without user and tenant rates nothing is asked of Redis.
class LimiterTest {
  private static final Duration COOL_DOWN = Duration.ofSeconds(5);

  private final Vertx vertx = Vertx.vertx();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final Quotas quotas =
      new Quotas(
          vertx,
          Redis.createClient(vertx, "redis://127.0.0.1:1"),
          meters,
          tenant -> tenant.value().equals("quiet") ? RateClass.LOW : RateClass.STANDARD);

  static DialectLimits limits(int connectionRate, int burst, int userRate, int tenantRate) {
    return new DialectLimits(
        65_536,
        1_048_576,
        10,
        connectionRate,
        burst,
        userRate,
        tenantRate,
        COOL_DOWN,
        30,
        1_200,
        Duration.ZERO);
  }

  static List<Fault> refusals(Limiter limiter, int messages, long now) {
    List<Fault> refused = new ArrayList<>();
    for (int i = 0; i < messages; i++) {
      Fault fault = limiter.take(now);
      if (fault != null) {
        refused.add(fault);
      }
    }
    return refused;
  }

  @AfterEach
  void close() {
    vertx.close().await();
  }

  @Test
  void oneConnectionMaySendItsBurstAndThenItsRate() {
    Limiter limiter = new Limiter(limits(20, 40, 0, 0), quotas, 0);
    assertThat(refusals(limiter, 100, 0)).hasSize(60);
    assertThat(refusals(limiter, 100, Duration.ofSeconds(1).toNanos())).hasSize(80);
    assertThat(meters.counter(MeterNames.LIMITED, "limit", "connection").count()).isEqualTo(140);
  }

  @Test
  void aRefusalSaysWhichLimitAndWhenToTryAgain() {
    Limiter limiter = new Limiter(limits(20, 1, 0, 0), quotas, 0);
    limiter.take(0);
    Fault fault = Objects.requireNonNull(limiter.take(0));
    assertThat(fault.code()).isEqualTo(FaultCode.RATE_LIMIT_EXCEEDED);
    assertThat(fault.message()).isEqualTo("At most 20 messages per second from one connection.");
    long wait = Objects.requireNonNull(fault.retryAfterMs());
    assertThat(wait).isBetween(50L, 51L);
    assertThat(limiter.take(Duration.ofMillis(wait).toNanos())).isNull();
  }

  @Test
  void zeroSwitchesALimitOff() {
    Limiter limiter = new Limiter(limits(0, 0, 0, 0), quotas, 0);
    limiter.authenticated(new TenantId("acme"), new UserId("alice"));
    assertThat(refusals(limiter, 10_000, 0)).isEmpty();
  }

  @Test
  void aTenantOfALowClassMaySayAQuarter() {
    assertThat(RateClass.LOW.of(100)).isEqualTo(25);
    assertThat(RateClass.HIGH.of(100)).isEqualTo(400);
    assertThat(RateClass.LOW.of(1)).isEqualTo(1);
    assertThat(RateClass.TOP.of(0)).isZero();
    Limiter limiter = new Limiter(limits(0, 0, 0, 40), quotas, 0);
    limiter.authenticated(new TenantId("quiet"), new UserId("alice"));
    Fault fault = refusals(limiter, 100, System.nanoTime()).getFirst();
    assertThat(fault.message()).startsWith("At most 10 ");
  }

  @Test
  void oneNoticeAndThenSilenceForTheInterval() {
    Limiter limiter = new Limiter(limits(20, 40, 0, 0), quotas, 0);
    assertThat(limiter.mayNotify(7)).isTrue();
    assertThat(limiter.mayNotify(7)).isFalse();
    assertThat(limiter.mayNotify(7 + COOL_DOWN.toNanos() - 1)).isFalse();
    assertThat(limiter.mayNotify(7 + COOL_DOWN.toNanos())).isTrue();
    assertThat(limiter.mayNotify(7 + COOL_DOWN.toNanos())).isFalse();
  }
}
