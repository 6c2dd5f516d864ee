package dev.flotilla.registry.daemon;

import dev.flotilla.bus.Addresses;
import dev.flotilla.bus.Bell;
import dev.flotilla.bus.Bus;
import dev.flotilla.config.LocalGateway;
import dev.flotilla.config.Secret;
import dev.flotilla.dispatch.LocalReport;
import dev.flotilla.identity.InstanceId;
import dev.flotilla.telemetry.MeterNames;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Looks after the gateway of this node's host: finds out whether it runs, whoever has started it,
/// starts it where it does not, and stops what it has started. Of all nodes of a host one does so.
/// Confined to the context that made it.
public final class Daemon {
  private static final Logger LOG = LoggerFactory.getLogger(Daemon.class);
  private static final Duration PROBE_LIMIT = Duration.ofSeconds(2);

  private final Vertx vertx;
  private final Bus bus;
  private final Clock clock;
  private final MeterRegistry meters;
  private final LocalGateway config;
  private final Launch launch;
  private final HostLock lock;
  private final NetClient net;
  private final Registrar registrar;
  private final Supplier<@Nullable Secret> token;
  private final List<Long> timers;
  private Course course;
  private @Nullable Child child;
  // Confined to one look at a time.
  private volatile @Nullable Path log;
  private boolean registered;
  private Future<Void> look = Future.succeededFuture();
  private boolean mine;
  private boolean closed;

  /// @param reportInterval how often it tells how the gateway is
  /// @param token of the instance; null where none is known
  public Daemon(
      Vertx vertx,
      Bus bus,
      MeterRegistry meters,
      Clock clock,
      Registrar registrar,
      Duration reportInterval,
      Supplier<@Nullable Secret> token) {
    this.vertx = vertx;
    this.bus = bus;
    this.meters = meters;
    this.clock = clock;
    this.registrar = registrar;
    this.config = registrar.config();
    this.token = token;
    this.launch = new Launch(config, System.getenv());
    this.lock = HostLock.ofPort(config.port());
    this.net =
        vertx.createNetClient(
            new NetClientOptions().setConnectTimeout((int) PROBE_LIMIT.toMillis()));
    this.course = new Course.Missing(clock.instant(), 0);
    this.timers =
        List.of(
            vertx.setPeriodic(0, config.probeInterval().toMillis(), _ -> look()),
            vertx.setPeriodic(reportInterval.toMillis(), _ -> tell()));
  }

  private void look() {
    if (closed || !look.isComplete()) {
      return;
    }
    look =
        vertx
            .executeBlocking(lock::take)
            .compose(held -> held ? lookMyself() : standBy())
            .otherwise(
                failure -> {
                  LOG.warn(
                      "the gateway of this host is not looked after: {}", failure.getMessage());
                  return null;
                });
  }

  /// Another node of this host does it.
  private Future<Void> standBy() {
    mine = false;
    course = new Course.Missing(clock.instant(), 0);
    return Future.succeededFuture();
  }

  private Future<Void> lookMyself() {
    mine = true;
    register();
    return net.connect(config.port(), "127.0.0.1")
        .compose(socket -> socket.close().map(true))
        .otherwise(false)
        .compose(this::seen);
  }

  private void register() {
    if (registered) {
      return;
    }
    registrar
        .register()
        .onComplete(
            fresh -> {
              registered = true;
              if (fresh) {
                bus.publish(Addresses.INSTANCES_CHANGED, new Bell());
              }
            },
            failure -> LOG.warn("not registered yet: {}", failure.getMessage()));
  }

  private Future<Void> seen(boolean listens) {
    Child started = child;
    Course before = course;
    course =
        before.after(
            new Sight(
                listens,
                started != null && started.runs(),
                started == null ? null : started.failure()),
            clock.instant(),
            config);
    if (course instanceof Course.Starting && !(before instanceof Course.Starting)) {
      return start();
    }
    if (course instanceof Course.Resting(Instant _, int _, String why)
        && !(before instanceof Course.Resting)) {
      LOG.warn("the gateway of this host has failed: {}", why);
      count("failed");
      return stopChild();
    }
    if (course instanceof Course.Up && !(before instanceof Course.Up)) {
      arrived(started);
    }
    return Future.succeededFuture();
  }

  private void arrived(@Nullable Child started) {
    if (started == null) {
      LOG.info("a gateway listens on port {} and was not started here", config.port());
    } else {
      LOG.info("the gateway of this host listens on port {}", config.port());
      count("started");
    }
    tell();
  }

  private Future<Void> start() {
    if (closed) {
      return Future.succeededFuture();
    }
    Secret secret = token.get();
    return vertx
        .executeBlocking(() -> start(secret))
        .transform(
            started -> {
              if (started.succeeded()) {
                child = started.result();
                LOG.info("started the gateway of this host, see {}", child.log());
              } else {
                String why = "it cannot be started: " + started.cause().getMessage();
                LOG.warn("the gateway of this host: {}", why);
                count("failed");
                course = Course.failed(course.failures(), why, clock.instant(), config);
              }
              tell();
              return Future.succeededFuture();
            });
  }

  /// On a thread that may block.
  private Child start(@Nullable Secret secret) throws IOException {
    Path file = log == null ? launch.log() : log;
    log = file;
    return Child.start(launch.commandLine(), launch.environment(secret), file);
  }

  private Future<Void> stopChild() {
    Child last = child;
    child = null;
    tell();
    return last == null
        ? Future.succeededFuture()
        : vertx.executeBlocking(
            () -> {
              last.stop(config.stopWindow());
              return null;
            });
  }

  private void count(String outcome) {
    meters.counter(MeterNames.LOCAL_STARTS, "outcome", outcome).increment();
  }

  private void tell() {
    if (mine && !closed) {
      bus.publish(
          Addresses.LOCAL_REPORT,
          new LocalReport(new InstanceId(config.instance()), course.told(config), words()));
    }
  }

  private String words() {
    return switch (course) {
      case Course.Starting _ -> "the fleet has started it, and it does not listen yet";
      case Course.Resting(Instant until, int failures, String why) ->
          "start %d failed: %s; the next one is at %s".formatted(failures, why, until);
      case Course.Up(Instant _, int failures) when failures >= config.crashAfter() ->
          "it has failed %d times in a row, and has to hold out for %d s before it gets work"
              .formatted(failures, config.steadyAfter().toSeconds());
      case Course.Up _ -> "";
      case Course.Missing _ -> "it does not listen";
    };
  }

  /// Stops what it has started, unless that is to go on, and lets others look after the gateway.
  public Future<Void> close() {
    closed = true;
    timers.forEach(vertx::cancelTimer);
    return look.eventually(() -> config.leaveRunning() ? Future.succeededFuture() : stopChild())
        .eventually(net::close)
        .eventually(
            () ->
                vertx.executeBlocking(
                    () -> {
                      lock.release();
                      return null;
                    }));
  }
}
