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
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
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

  /// The same with other settings.
  public Edge with(FleetConfig.Gateway other) {
    return new Edge(
        vertx,
        loop,
        other,
        node,
        authenticator,
        commands,
        hub,
        log,
        quotas,
        presence,
        meters,
        clock);
  }

  public Instant now() {
    return clock.instant();
  }

  /// What other threads may make, handled on this loop: a connection is used on its own loop only.
  public <T> Future<T> here(Future<T> made) {
    return on(loop, made);
  }

  /// The same for any loop.
  public static <T> Future<T> on(Context loop, Future<T> made) {
    Promise<T> promise = ((ContextInternal) loop).promise();
    made.onComplete(promise);
    return promise.future();
  }
}
