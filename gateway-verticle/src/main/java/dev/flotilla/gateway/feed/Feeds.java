package dev.flotilla.gateway.feed;

import dev.flotilla.bus.Addresses;
import dev.flotilla.bus.Bus;
import dev.flotilla.bus.Registration;
import dev.flotilla.fault.Fault;
import dev.flotilla.gateway.meter.GatewayMeters;
import dev.flotilla.identity.TenantId;
import dev.flotilla.log.Head;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/// The feeds of this node: one per tenant with a listener, each with one registration on the bus.
/// All state lives on one context; callers come from any event loop and are answered on theirs.
public final class Feeds {
  private static final Logger LOG = LoggerFactory.getLogger(Feeds.class);
  private static final Duration RETRY_AFTER = Duration.ofMillis(500);
  // Batches of two nodes are seldom further apart; one that is lost comes by so much later.
  private static final Duration HOLE = Duration.ofMillis(10);

  /// @param headInterval how often all feeds are compared with the heads of their logs
  /// @param linger how long a feed without listeners is kept, for clients that come right back
  public record Settings(int ringEvents, Duration headInterval, Duration linger) {}

  private final Vertx vertx;
  private final Context home;
  private final Bus bus;
  private final LogView log;
  private final GatewayMeters meters;
  private final Settings settings;
  private final Map<TenantId, Entry> entries = new HashMap<>();
  private final long timer;
  private boolean checking;
  private boolean logIsAway;

  private static final class Entry {
    final Feed feed;
    final Registration registration;
    long idleSince;

    Entry(Feed feed, Registration registration) {
      this.feed = feed;
      this.registration = registration;
    }
  }

  /// Make it on the context where it is to live.
  public Feeds(Vertx vertx, Bus bus, LogView log, GatewayMeters meters, Settings settings) {
    this.vertx = vertx;
    this.home = vertx.getOrCreateContext();
    this.bus = bus;
    this.log = log;
    this.meters = meters;
    this.settings = settings;
    this.timer = vertx.setPeriodic(settings.headInterval().toMillis(), _ -> beat());
  }

  /// From now on the listener hears the tenant's events, on the feeds' context.
  public void open(TenantId tenant, Consumer<Signal> listener) {
    home.runOnContext(_ -> entries.computeIfAbsent(tenant, this::begin).feed.add(listener));
  }

  public void close(TenantId tenant, Consumer<Signal> listener) {
    home.runOnContext(
        _ -> {
          Entry entry = entries.get(tenant);
          if (entry != null) {
            entry.feed.remove(listener);
            entry.idleSince = System.nanoTime();
          }
        });
  }

  /// At most one page of events with `after < seq <= upTo`.
  public Future<Page> page(TenantId tenant, long after, long upTo) {
    return atHome(
        () -> {
          Entry entry = entries.get(tenant);
          return entry == null
              ? Future.failedFuture(Fault.unavailable("The event feed", RETRY_AFTER).asException())
              : entry.feed.page(after, upTo);
        });
  }

  /// The tenant's head as the log itself says.
  public Future<Head> head(TenantId tenant) {
    return atHome(() -> log.head(tenant));
  }

  /// Ends all registrations.
  public Future<Void> stop() {
    vertx.cancelTimer(timer);
    List<Future<Void>> closing = new ArrayList<>();
    entries.values().forEach(entry -> closing.add(entry.registration.close()));
    meters.feeds(0);
    entries.clear();
    return Future.join(closing).otherwiseEmpty().mapEmpty();
  }

  private <T> Future<T> atHome(Supplier<Future<T>> work) {
    Context caller = vertx.getOrCreateContext();
    Promise<T> answer = Promise.promise();
    home.runOnContext(
        _ -> work.get().onComplete(done -> caller.runOnContext(_ -> answer.handle(done))));
    return answer.future();
  }

  /// The head is read without waiting for the registration, so that a node answers at once even
  /// while the cluster is busy. What was published before the registration was known everywhere is
  /// found by the second look.
  private Entry begin(TenantId tenant) {
    Executor soon = task -> vertx.setTimer(HOLE.toMillis(), _ -> task.run());
    Feed feed = new Feed(tenant, log, meters, settings.ringEvents(), soon);
    Registration registration = bus.listen(Addresses.events(tenant), feed::hear);
    registration
        .ready()
        .onSuccess(_ -> feed.check())
        .onFailure(failure -> LOG.warn("the feed of {} hears no bells", tenant, failure));
    feed.check();
    meters.feeds(entries.size() + 1);
    return new Entry(feed, registration);
  }

  private void beat() {
    dropIdle();
    Map<TenantId, Position> before = new HashMap<>();
    entries.forEach(
        (tenant, entry) -> {
          Position position = entry.feed.position();
          if (position == null) {
            entry.feed.check();
          } else {
            before.put(tenant, position);
          }
        });
    if (!checking && !before.isEmpty()) {
      compare(before);
    }
  }

  /// One query for all tenants.
  private void compare(Map<TenantId, Position> before) {
    checking = true;
    log.heads(before.keySet())
        .onComplete(
            heads -> {
              checking = false;
              logIsAway(false);
              before.forEach((tenant, position) -> meet(tenant, heads.get(tenant), position));
            },
            failure -> {
              checking = false;
              logIsAway(true);
              LOG.debug("the heads of the logs cannot be read", failure);
            });
  }

  private void meet(TenantId tenant, @Nullable Head head, Position before) {
    Entry entry = entries.get(tenant);
    if (entry != null && head != null) {
      entry.feed.meet(head, before);
    }
  }

  private void logIsAway(boolean away) {
    if (away != logIsAway) {
      logIsAway = away;
      LOG.atLevel(away ? Level.WARN : Level.INFO)
          .log(away ? "the event log cannot be read" : "the event log can be read again");
    }
  }

  private void dropIdle() {
    long now = System.nanoTime();
    entries
        .values()
        .removeIf(
            entry -> {
              boolean over =
                  entry.feed.idle() && now - entry.idleSince > settings.linger().toNanos();
              if (over) {
                entry.registration.close();
              }
              return over;
            });
    meters.feeds(entries.size());
  }
}
