package dev.flotilla.gateway.ingest;

import dev.flotilla.cluster.Membership;
import dev.flotilla.config.FleetConfig;
import dev.flotilla.log.EventLog;
import dev.flotilla.store.Stores;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import org.jspecify.annotations.Nullable;

/// Ingest of one node. Deploy it once, on an event loop, where there are rules.
public final class IngestVerticle extends VerticleBase {
  private final FleetConfig config;
  private final Membership membership;
  private final EventLog log;
  private final MeterRegistry registry;
  private @Nullable Ingest ingest;

  public IngestVerticle(
      FleetConfig config, Membership membership, EventLog log, MeterRegistry registry) {
    this.config = config;
    this.membership = membership;
    this.log = log;
    this.registry = registry;
  }

  /// Completes at once: a node is worth having while Redis is away.
  @Override
  public Future<?> start() {
    IngestMeters meters = new IngestMeters(registry);
    Intake intake = new Intake(config.ingest(), new Shards(membership), log, meters);
    Ingest started =
        new Ingest(
            vertx, () -> Stores.subscriber(vertx, config.redis()), config.ingest(), intake, meters);
    ingest = started;
    started.start();
    return Future.succeededFuture();
  }

  @Override
  public Future<?> stop() {
    if (ingest != null) {
      ingest.stop();
    }
    return Future.succeededFuture();
  }
}
