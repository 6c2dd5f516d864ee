package dev.flotilla.gateway.session;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.flotilla.config.FleetConfig;
import dev.flotilla.config.FleetConfig.DialectLimits;

/// What a session of one dialect may do on this node, as clients are told. 0 is no limit.
@JsonNaming(SnakeCaseStrategy.class)
public record EffectiveLimits(
    int maxMessageBytes,
    int maxMessageBytesHard,
    int maxSubscriptions,
    int rateLimitPerSecond,
    int rateLimitBurst,
    int rateLimitUserPerMinute,
    int rateLimitTenantPerMinute,
    double rateLimitCooldownSeconds,
    int maxMalformedPerMinute,
    double idleTimeoutSeconds,
    int sendFailureLimit,
    double sendTimeoutSeconds,
    int maxQueuedMessages,
    int maxQueuedBytes,
    int maxOpenRequests,
    double pingIntervalSeconds,
    double pongTimeoutSeconds) {
  private static final double MS = 1000;

  public static EffectiveLimits of(DialectLimits dialect, FleetConfig.Gateway gateway) {
    return new EffectiveLimits(
        dialect.softFrameBytes(),
        dialect.hardFrameBytes(),
        dialect.maxSubscriptions(),
        dialect.connectionRate(),
        dialect.connectionRate() == 0 ? 0 : dialect.connectionBurst(),
        dialect.userRate(),
        dialect.tenantRate(),
        dialect.noticeInterval().toMillis() / MS,
        dialect.maxMalformed(),
        dialect.idleTimeout().toMillis() / MS,
        WriteQueue.FAILED_SENDS,
        gateway.sendTimeout().toMillis() / MS,
        gateway.maxQueuedFrames(),
        gateway.maxQueuedBytes(),
        Calls.maxOpen(),
        gateway.pingInterval().toMillis() / MS,
        gateway.pongTimeout().toMillis() / MS);
  }
}
