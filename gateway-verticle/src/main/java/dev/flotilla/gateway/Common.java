package dev.flotilla.gateway;

import dev.flotilla.gateway.auth.ApiKeys;
import dev.flotilla.gateway.auth.Revocations;
import dev.flotilla.gateway.feed.Feeds;
import dev.flotilla.gateway.limit.Quotas;
import dev.flotilla.gateway.limit.RateClasses;
import dev.flotilla.gateway.meter.GatewayMeters;
import dev.flotilla.gateway.presence.Presence;
import dev.flotilla.gateway.session.Lobby;
import io.vertx.core.Future;

/// What the edges of a node share.
record Common(
    Feeds feeds,
    Quotas quotas,
    RateClasses classes,
    Presence presence,
    Lobby lobby,
    Departures departures,
    Revocations revocations,
    ApiKeys keys,
    GatewayMeters meters) {

  Future<Void> stop() {
    quotas.stop();
    classes.stop();
    revocations.stop();
    return presence.stop().eventually(keys::stop).eventually(feeds::stop);
  }
}
