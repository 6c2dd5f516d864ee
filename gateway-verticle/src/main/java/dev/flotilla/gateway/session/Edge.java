package dev.flotilla.gateway.session;

import dev.flotilla.cluster.Node;
import dev.flotilla.config.FleetConfig;
import dev.flotilla.gateway.auth.Authenticator;
import dev.flotilla.gateway.command.Commands;
import dev.flotilla.gateway.hub.Hub;
import dev.flotilla.gateway.limit.Quotas;
import dev.flotilla.gateway.meter.GatewayMeters;
import dev.flotilla.gateway.presence.Presence;
import dev.flotilla.log.EventLog;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Instant;

/// What the sessions of one event loop share.
public record Edge(
    Vertx vertx,
    Context loop,
    FleetConfig.Gateway config,
    Node node,
    Authenticator authenticator,
    Commands commands,
    Hub hub,
    EventLog log,
    Quotas quotas,
    Presence presence,
    GatewayMeters meters,
    Clock clock) {

  public Instant now() {
    return clock.instant();
  }
}
