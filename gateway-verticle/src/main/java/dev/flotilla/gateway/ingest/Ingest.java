package dev.flotilla.gateway.ingest;

import dev.flotilla.config.FleetConfig;
import dev.flotilla.config.IngestRoute;
import dev.flotilla.gateway.limit.TokenBucket;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Redis;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps this node subscribed to the channels of `ingest.rules`, and hands over what it hears.
/// Confined to the event loop that made it.
///
/// A flood must not starve the sockets of this loop. Messages beyond the rate are dropped before
/// they are read as JSON; beyond many times the rate, the connection is not even read for a moment,
/// and Redis drops it when too much waits there.
final class Ingest implements Subscription.Owner {
  private static final Logger LOG = LoggerFactory.getLogger(Ingest.class);
  private static final long CHECK_MS = 2_000;
  private static final long REST_MS = 100;

  /// All nodes hear what one of them publishes: a fleet of so many may use its whole rate.
  private static final int HEARD_PER_PUBLISHED = 20;

  /// A connection that lasted so long was a good one: the next wait is a short one again.
  private static final long GOOD = TimeUnit.SECONDS.toNanos(30);

  private final Vertx vertx;
  private final Context home;
  private final Supplier<Redis> clients;
  private final Intake intake;
  private final IngestMeters meters;
  private final Backoff backoff;
  private final TokenBucket heard;
  private final Set<String> channels;
  private final Set<String> patterns;
  private @Nullable Subscription current;
  private boolean complained;
  private boolean subscribed;
  private boolean stopped;
  private long subscribedAt;
  private long timer = -1;

  /// @param clients a new client for each connection
  Ingest(
      Vertx vertx,
      Supplier<Redis> clients,
      FleetConfig.Ingest settings,
      Intake intake,
      IngestMeters meters) {
    this.vertx = vertx;
    this.home = vertx.getOrCreateContext();
    this.clients = clients;
    this.intake = intake;
    this.meters = meters;
    this.backoff =
        new Backoff(settings.reconnectMin(), settings.reconnectMax(), RandomGenerator.getDefault());
    int most = HEARD_PER_PUBLISHED * settings.maxRate();
    this.heard = new TokenBucket(most, most, System.nanoTime());
    this.channels = names(settings.routes(), false);
    this.patterns = names(settings.routes(), true);
  }

  private static Set<String> names(List<IngestRoute> routes, boolean patterns) {
    return routes.stream()
        .filter(route -> route.isPattern() == patterns)
        .map(IngestRoute::channel)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  void start() {
    timer = vertx.setPeriodic(CHECK_MS, _ -> check());
    connect();
  }

  void stop() {
    stopped = true;
    vertx.cancelTimer(timer);
    meters.subscribed(false);
    if (current != null) {
      current.close();
    }
  }

  @Override
  public void subscribed(Subscription subscription) {
    subscribed = true;
    subscribedAt = System.nanoTime();
    complained = false;
    meters.connect(true);
    meters.subscribed(true);
    LOG.info("subscribed to {} channels and {} patterns", channels.size(), patterns.size());
  }

  @Override
  public void heard(Subscription subscription, Message message) {
    if (!heard.take(System.nanoTime())) {
      subscription.rest(REST_MS);
    }
    intake.take(message);
  }

  @Override
  public void lost(Subscription subscription, String why) {
    current = null;
    if (!subscribed) {
      meters.connect(false);
    } else if (System.nanoTime() - subscribedAt >= GOOD) {
      backoff.reset();
    }
    subscribed = false;
    meters.subscribed(false);
    Duration wait = backoff.next();
    if (!complained) {
      complained = true;
      LOG.warn("channels are not heard: {}; trying again", why);
    } else {
      LOG.debug("channels are not heard: {}; trying again in {}", why, wait);
    }
    vertx.setTimer(wait.toMillis(), _ -> connect());
  }

  private void connect() {
    if (!stopped) {
      Subscription next = new Subscription(home, clients.get(), this);
      current = next;
      next.open(channels, patterns);
    }
  }

  private void check() {
    if (current != null) {
      current.check();
    }
  }
}
