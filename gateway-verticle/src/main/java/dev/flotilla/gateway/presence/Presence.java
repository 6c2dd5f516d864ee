package dev.flotilla.gateway.presence;

import dev.flotilla.config.FleetConfig;
import dev.flotilla.contract.Fact;
import dev.flotilla.contract.PresenceStatus;
import dev.flotilla.gateway.presence.Stays.Repair;
import dev.flotilla.identity.NodeId;
import dev.flotilla.identity.TenantId;
import dev.flotilla.identity.UserId;
import dev.flotilla.log.EventLog;
import dev.flotilla.presence.Beat;
import dev.flotilla.presence.Roster;
import dev.flotilla.presence.Who;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps this node's part of the roster, and tells tenants who came first and went last in the
/// whole fleet. One per node; all state lives on the context that made it.
///
/// One question to Redis is under way at a time. While Redis is away, presence rests: sessions go
/// on, and what changed meanwhile is found by comparing once it is back. A node takes out the users
/// of silent nodes only after it has been heard itself for a whole lease, so that neither an outage
/// of Redis nor a machine that stands still puts anybody offline.
public final class Presence {
  private static final Logger LOG = LoggerFactory.getLogger(Presence.class);
  private static final int BATCH = 500;
  private static final long ANSWER_MS = 2_000;
  private static final int BEATS_PER_LEASE = 5;
  private static final Duration SLOWEST_LOOK = Duration.ofMillis(500);

  private enum Phase {
    /// The next beat says whether Redis is there.
    AWAY,
    /// What the roster has of this node must be read.
    COMPARING,
    /// What differs is put right, without telling anybody.
    REPAIRING,
    ATTACHED
  }

  private final Vertx vertx;
  private final Context home;
  private final Roster roster;
  private final EventLog log;
  private final NodeId node;
  private final FleetConfig.Presence settings;
  private final PresenceMeters meters;
  private final Stays stays;
  private final Constancy constancy;
  private final Queue<Who> undo = new ArrayDeque<>();
  private final Queue<Who> redo = new ArrayDeque<>();
  private Phase phase = Phase.AWAY;
  private String epoch = "";
  private boolean swept;
  private boolean asking;
  private boolean stopped;
  private boolean beatIsDue = true;
  private boolean complained;
  private long beatAt;
  private long timer = -1;

  public Presence(
      Vertx vertx,
      Roster roster,
      EventLog log,
      NodeId node,
      FleetConfig.Presence settings,
      MeterRegistry registry) {
    this.vertx = vertx;
    this.home = vertx.getOrCreateContext();
    this.roster = roster;
    this.log = log;
    this.node = node;
    this.settings = settings;
    this.meters = new PresenceMeters(registry);
    this.stays = new Stays(settings.linger());
    this.constancy = new Constancy(settings.lease());
    home.runOnContext(_ -> start());
  }

  /// A session of the user has opened on this node.
  public void arrived(TenantId tenant, UserId user) {
    Who who = new Who(tenant, user);
    home.runOnContext(_ -> changed(() -> stays.arrive(who)));
  }

  /// A session of the user has closed on this node.
  public void left(TenantId tenant, UserId user) {
    Who who = new Who(tenant, user);
    home.runOnContext(_ -> changed(() -> stays.leave(who, System.nanoTime())));
  }

  /// Ends the beat. Users who are not on another node by `presence.linger` are then taken out by
  /// the others.
  public Future<Void> stop() {
    Promise<Void> done = Promise.promise();
    home.runOnContext(
        _ -> {
          stopped = true;
          vertx.cancelTimer(timer);
          roster
              .retire(node, settings.linger())
              .timeout(ANSWER_MS, TimeUnit.MILLISECONDS)
              .otherwiseEmpty()
              .onComplete(done);
        });
    return done.future();
  }

  private void start() {
    Duration beat = settings.lease().dividedBy(BEATS_PER_LEASE);
    Duration look = beat.compareTo(SLOWEST_LOOK) < 0 ? beat : SLOWEST_LOOK;
    timer = vertx.setPeriodic(look.toMillis(), _ -> look(beat));
    step();
  }

  private void look(Duration beat) {
    if (System.nanoTime() - beatAt >= beat.toNanos()) {
      beatIsDue = true;
    }
    step();
  }

  private void changed(Runnable change) {
    change.run();
    meters.users(stays.size());
    step();
  }

  /// Does the next thing, if there is one and nothing is under way.
  private void step() {
    if (asking || stopped) {
      return;
    }
    if (beatIsDue) {
      beatIsDue = false;
      beatAt = System.nanoTime();
      boolean steady = constancy.beat(beatAt) && phase != Phase.AWAY;
      ask(roster.beat(node, settings.lease(), steady), this::beaten);
      return;
    }
    switch (phase) {
      case AWAY -> {}
      case COMPARING -> ask(roster.of(node), this::compare);
      case REPAIRING -> repair();
      case ATTACHED -> tell();
    }
  }

  private <T> void ask(Future<T> question, Consumer<T> then) {
    asking = true;
    question
        .timeout(ANSWER_MS, TimeUnit.MILLISECONDS)
        .onComplete(
            answer -> {
              asking = false;
              then.accept(answer);
              meters.users(stays.size());
              step();
            },
            this::pause);
  }

  private void pause(Throwable failure) {
    asking = false;
    phase = Phase.AWAY;
    meters.paused(true);
    if (failure instanceof IllegalStateException) {
      LOG.error("presence cannot be kept", failure);
    } else if (!complained) {
      LOG.warn("presence rests: {}", failure.getMessage());
    }
    complained = true;
  }

  private void beaten(Beat beat) {
    publish(PresenceStatus.OFFLINE, beat.gone());
    beatIsDue |= beat.more() && !beat.gone().isEmpty();
    boolean sameRoster = beat.epoch().equals(epoch);
    epoch = beat.epoch();
    if (phase == Phase.AWAY) {
      constancy.begin(System.nanoTime());
      meters.paused(false);
      if (complained) {
        complained = false;
        LOG.info("presence goes on");
      }
    } else if (beat.known() && sameRoster) {
      return;
    }
    swept = !beat.known() && sameRoster;
    phase = Phase.COMPARING;
  }

  private void compare(Set<Who> found) {
    Repair repair = stays.compare(found, swept, System.nanoTime());
    undo.clear();
    undo.addAll(repair.undo());
    redo.clear();
    redo.addAll(repair.redo());
    phase = Phase.REPAIRING;
  }

  private void repair() {
    if (!undo.isEmpty()) {
      List<Who> batch = batch(undo);
      ask(roster.leave(node, epoch, batch), _ -> stays.repaired(batch));
    } else if (!redo.isEmpty()) {
      List<Who> batch = batch(redo);
      ask(roster.arrive(node, epoch, batch), _ -> stays.repaired(batch));
    } else {
      phase = Phase.ATTACHED;
      step();
    }
  }

  private void tell() {
    List<Who> coming = stays.takeComing(BATCH);
    if (!coming.isEmpty()) {
      ask(
          roster.arrive(node, epoch, coming),
          first -> {
            stays.came(coming);
            publish(PresenceStatus.ONLINE, first);
          });
      return;
    }
    List<Who> leaving = stays.takeLeaving(BATCH, System.nanoTime());
    if (!leaving.isEmpty()) {
      ask(
          roster.leave(node, epoch, leaving),
          last -> {
            stays.went(leaving);
            publish(PresenceStatus.OFFLINE, last);
          });
    }
  }

  private static List<Who> batch(Queue<Who> queue) {
    List<Who> batch = new ArrayList<>();
    for (Who who = queue.poll(); who != null; who = queue.poll()) {
      batch.add(who);
      if (batch.size() == BATCH) {
        break;
      }
    }
    return batch;
  }

  private void publish(PresenceStatus status, Collection<Who> users) {
    if (users.isEmpty()) {
      return;
    }
    meters.changed(status, users.size());
    Map<TenantId, List<Fact>> byTenant =
        users.stream()
            .collect(
                Collectors.groupingBy(
                    Who::tenant,
                    Collectors.mapping(
                        who -> new Fact.PresenceChanged(who.user(), status), Collectors.toList())));
    byTenant.forEach((tenant, facts) -> log.publishEphemeral(tenant, facts, null));
  }
}
