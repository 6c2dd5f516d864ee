package dev.flotilla.gateway.limit;

import dev.flotilla.config.FleetConfig.DialectLimits;
import dev.flotilla.contract.RateClass;
import dev.flotilla.fault.Fault;
import dev.flotilla.fault.Reason;
import dev.flotilla.identity.TenantId;
import dev.flotilla.identity.UserId;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// What one session may say: its own rate, its user's and its tenant's. Confined to its event loop.
/// All times are on the scale of [System#nanoTime].
public final class Limiter {
  private final DialectLimits limits;
  private final Quotas quotas;
  private final @Nullable TokenBucket connection;
  private @Nullable Budget user;
  private @Nullable Budget tenant;
  private RateClass rateClass = RateClass.STANDARD;
  private boolean noticed;
  private long noticedAt;

  public Limiter(DialectLimits limits, Quotas quotas, long nowNanos) {
    this.limits = limits;
    this.quotas = quotas;
    this.connection =
        limits.connectionRate() == 0
            ? null
            : new TokenBucket(limits.connectionRate(), limits.connectionBurst(), nowNanos);
  }

  /// From now on what the session says counts for them, too. Call [#close] when the session ends.
  public void authenticated(TenantId whose, UserId who) {
    close();
    rateClass = quotas.classOf(whose);
    user = limits.userRate() == 0 ? null : quotas.open(whose, who, userRate());
    tenant = limits.tenantRate() == 0 ? null : quotas.open(whose, tenantRate());
  }

  private int userRate() {
    return rateClass.of(limits.userRate());
  }

  private int tenantRate() {
    return rateClass.of(limits.tenantRate());
  }

  public void close() {
    if (user != null) {
      quotas.close(user);
      user = null;
    }
    if (tenant != null) {
      quotas.close(tenant);
      tenant = null;
    }
  }

  /// Counts one message.
  ///
  /// @return null where it is allowed, else RATE_LIMITED with when to try again: drop the message
  public @Nullable Fault take(long nowNanos) {
    if (connection != null && !connection.take(nowNanos)) {
      return refusal(Limit.CONNECTION, limits.connectionRate(), connection.waitNanos(nowNanos));
    }
    if (user != null && !quotas.take(user, nowNanos)) {
      return refusal(Limit.USER, userRate(), user.waitNanos(nowNanos));
    }
    if (tenant != null && !quotas.take(tenant, nowNanos)) {
      if (user != null) {
        user.putBack();
      }
      return refusal(Limit.TENANT, tenantRate(), tenant.waitNanos(nowNanos));
    }
    return null;
  }

  /// True where the client may be told now that messages are dropped; then not again for
  /// `noticeInterval`.
  public boolean mayNotify(long nowNanos) {
    if (noticed && nowNanos - noticedAt < limits.noticeInterval().toNanos()) {
      return false;
    }
    noticed = true;
    noticedAt = nowNanos;
    return true;
  }

  private Fault refusal(Limit limit, int rate, long waitNanos) {
    quotas.meters().limited(limit);
    Duration wait = Duration.ofMillis(TimeUnit.NANOSECONDS.toMillis(Math.max(0, waitNanos)) + 1);
    return Fault.retryLater(
        Reason.RATE_LIMITED, "At most " + rate + " " + limit.meaning() + ".", wait);
  }
}
