package dev.flotilla.gateway.limit;

import dev.flotilla.config.FleetConfig;
import dev.flotilla.fault.Fault;
import dev.flotilla.fault.Reason;
import dev.flotilla.identity.Ids;
import dev.flotilla.identity.TenantId;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// How often somebody may try to come in: as one user, whether there is such a user or not, and
/// from one address, over all nodes.
public record Attempts(Quotas quotas, FleetConfig.Accounts config) {

  /// Counts a try to log in.
  ///
  /// @param name as it was typed; only its hash is kept
  /// @return null where it is allowed, else RATE_LIMITED with when to try again
  public @Nullable Fault login(TenantId tenant, String name, String address) {
    Fault limited = from(address);
    return limited == null
        ? take("login:" + Ids.sha256(tenant.value(), name), config.userAttempts())
        : limited;
  }

  /// Counts a try to do something with an unproven token.
  public @Nullable Fault from(String address) {
    return take(addressKey(address), config.addressAttempts());
  }

  /// The token was good: that was no try. Many who share an address refresh all the time.
  public void wasGood(String address) {
    if (config.addressAttempts() > 0) {
      quotas.putBackOnce(addressKey(address), config.addressAttempts());
    }
  }

  private static String addressKey(String address) {
    return "address:" + Ids.sha256("address", address);
  }

  private @Nullable Fault take(String key, int perMinute) {
    if (perMinute == 0) {
      return null;
    }
    long wait = quotas.takeOnce(key, perMinute, System.nanoTime());
    if (wait == 0) {
      return null;
    }
    quotas.meters().limited(Limit.LOGIN);
    return Fault.retryLater(
        Reason.RATE_LIMITED,
        "At most " + perMinute + " " + Limit.LOGIN.meaning() + ".",
        Duration.ofMillis(TimeUnit.NANOSECONDS.toMillis(wait) + 1));
  }
}
