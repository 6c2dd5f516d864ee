package dev.flotilla.cluster;

import dev.flotilla.bus.Addresses;
import dev.flotilla.bus.Bus;
import dev.flotilla.bus.Echo;
import dev.flotilla.identity.NodeId;
import dev.flotilla.telemetry.Checkup;
import dev.flotilla.telemetry.MeterNames;
import dev.flotilla.telemetry.Readiness;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Watches this node's part of the bus: every round it asks each peer for an echo.
///
/// Registrations can get lost around pauses and partitions, and nothing else notices. Three signs
/// say that they are: a peer that is a member but does not answer, a peer that answers but has not
/// asked for long (it cannot reach this node), and an address that the cluster has forgotten. Each
/// leads to the same repair, which is harmless where it was not needed: this node publishes itself
/// anew.
public final class BusCheck extends VerticleBase {
  private static final Logger LOG = LoggerFactory.getLogger(BusCheck.class);
  private static final int LIMIT = 3;
  private static final Duration ASK_LIMIT = Duration.ofSeconds(1);
  private static final Duration FIRST_ROUNDS = Duration.ofMillis(200);

  /// What it needs.
  public record Wiring(
      HazelcastCluster cluster,
      Bus bus,
      Duration interval,
      MeterRegistry meters,
      Readiness readiness,
      Clock clock) {}

  /// What is known of a peer.
  private static final class Peer {
    final Instant seen;
    final Timer roundTrip;
    int missed;
    boolean answered;
    @Nullable Duration last;
    Instant askedUs;

    Peer(Instant now, Timer roundTrip) {
      this.seen = now;
      this.askedUs = now;
      this.roundTrip = roundTrip;
    }
  }

  private final Wiring wiring;
  private final Membership membership;
  private final Map<NodeId, Peer> peers = new HashMap<>();
  private volatile @Nullable String trouble = "The bus has not been checked yet.";
  private Set<String> forgotten = Set.of();
  private boolean checkedOnce;
  private int rounds;

  public BusCheck(Wiring wiring) {
    this.wiring = wiring;
    this.membership = wiring.cluster().membership();
  }

  @Override
  public Future<?> start() {
    wiring.meters().gauge(MeterNames.NODES, membership, members -> members.nodes().size());
    wiring.readiness().add("bus", this::state);
    membership.onChange(() -> context.runOnContext(_ -> forgetTheGone()));
    schedule();
    return wiring
        .bus()
        .answer(Addresses.checkup(self()), _ -> Future.succeededFuture(checkup()))
        .ready()
        .compose(_ -> wiring.bus().answer(Addresses.echo(self()), this::echo).ready());
  }

  private NodeId self() {
    return membership.self().id();
  }

  private Future<@Nullable String> state() {
    String why = trouble;
    return why == null
        ? Future.succeededFuture(membership.nodes().size() + " nodes")
        : Future.failedFuture(why);
  }

  private Future<Echo> echo(Echo from) {
    peer(from.from()).askedUs = wiring.clock().instant();
    return Future.succeededFuture(new Echo(self()));
  }

  private Checkup checkup() {
    return Checkup.here(
        self(),
        wiring.clock().instant(),
        membership.nodes().stream().map(Node::id).toList(),
        peers.entrySet().stream().map(each -> trip(each.getKey(), each.getValue())).toList());
  }

  private static Checkup.Trip trip(NodeId id, Peer peer) {
    Duration last = peer.last;
    return new Checkup.Trip(id, last == null ? null : last.toNanos() / 1e6, peer.missed);
  }

  private Peer peer(NodeId id) {
    return peers.computeIfAbsent(
        id,
        _ ->
            new Peer(
                wiring.clock().instant(),
                Timer.builder(MeterNames.BUS_ROUND_TRIP)
                    .tag("peer", id.value())
                    .register(wiring.meters())));
  }

  private void forgetTheGone() {
    Set<NodeId> live = membership.nodes().stream().map(Node::id).collect(Collectors.toSet());
    peers
        .entrySet()
        .removeIf(
            entry -> {
              boolean gone = !live.contains(entry.getKey());
              if (gone) {
                wiring.meters().remove(entry.getValue().roundTrip);
              }
              return gone;
            });
  }

  private void schedule() {
    Duration pause = checkedOnce ? wiring.interval() : FIRST_ROUNDS;
    vertx.timer(pause.toMillis(), TimeUnit.MILLISECONDS).onSuccess(_ -> round());
  }

  private void round() {
    rounds++;
    List<NodeId> others =
        membership.nodes().stream().map(Node::id).filter(id -> !id.equals(self())).toList();
    Future.join(others.stream().map(this::ask).toList())
        .transform(_ -> judge(others))
        .onComplete(_ -> schedule());
  }

  private Future<Void> ask(NodeId id) {
    Peer peer = peer(id);
    long start = System.nanoTime();
    return wiring
        .bus()
        .ask(Addresses.echo(id), new Echo(self()), ASK_LIMIT)
        .<Void>mapEmpty()
        .onSuccess(
            _ -> {
              peer.missed = 0;
              peer.answered = true;
              Duration took = Duration.ofNanos(System.nanoTime() - start);
              peer.last = took;
              peer.roundTrip.record(took);
            })
        .onFailure(_ -> peer.missed++);
  }

  private Future<Void> judge(List<NodeId> others) {
    List<NodeId> silent = others.stream().filter(id -> peer(id).missed > 0).toList();
    trouble = trouble(others, silent);
    checkedOnce = checkedOnce || trouble == null;
    String sign = sign(others);
    if (sign != null) {
      return repair(sign);
    }
    return wiring
        .cluster()
        .unknown(wiring.bus().addresses())
        .compose(this::judgeForgotten)
        .otherwise(
            failure -> {
              LOG.debug("the registrations could not be read", failure);
              return null;
            });
  }

  /// An address counts when it is missing twice in a row: a registration takes a moment to arrive.
  private Future<Void> judgeForgotten(Set<String> unknown) {
    Set<String> twice = new TreeSet<>(unknown);
    twice.retainAll(forgotten);
    forgotten = unknown;
    return twice.isEmpty()
        ? Future.succeededFuture()
        : repair("the cluster has forgotten " + twice);
  }

  /// At first every peer has to answer once, so that a ready node has warm connections. Later a
  /// peer may be in trouble by itself; only a node that hears nobody is not ready.
  private @Nullable String trouble(List<NodeId> others, List<NodeId> silent) {
    boolean cutOff = !others.isEmpty() && others.stream().allMatch(id -> peer(id).missed >= LIMIT);
    boolean cold = !checkedOnce && !silent.isEmpty() && rounds <= 4 * LIMIT;
    return cutOff || cold ? "No answer over the bus from " + silent + "." : null;
  }

  private @Nullable String sign(List<NodeId> others) {
    Instant now = wiring.clock().instant();
    Instant longAgo = now.minus(wiring.interval().multipliedBy(2 * LIMIT));
    for (NodeId id : others) {
      Peer peer = peer(id);
      // A node that has just joined is not yet at the point of answering.
      boolean expected = peer.answered || peer.seen.isBefore(longAgo);
      if (expected && peer.missed > 0 && peer.missed % LIMIT == 0) {
        return id + " is a member and does not answer";
      }
      if (peer.answered && peer.askedUs.isBefore(longAgo)) {
        peer.askedUs = now;
        return id + " answers and does not ask";
      }
    }
    return null;
  }

  private Future<Void> repair(String sign) {
    LOG.warn("bus repair: {}", sign);
    wiring.meters().counter(MeterNames.BUS_REPAIRS).increment();
    return wiring
        .cluster()
        .republish()
        .compose(_ -> wiring.bus().renew())
        .onFailure(failure -> LOG.warn("bus repair failed", failure));
  }

  /// Deploys the check; it lives as long as the Vert.x.
  public static Future<String> deploy(Vertx vertx, Wiring wiring) {
    return vertx.deployVerticle(new BusCheck(wiring));
  }
}
