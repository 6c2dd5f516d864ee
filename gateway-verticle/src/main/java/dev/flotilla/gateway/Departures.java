package dev.flotilla.gateway;

import dev.flotilla.balance.SessionsOrder;
import dev.flotilla.balance.SessionsReport;
import dev.flotilla.balance.Shares;
import dev.flotilla.bus.Addresses;
import dev.flotilla.cluster.Node;
import dev.flotilla.cluster.NodeRole;
import dev.flotilla.gateway.meter.GatewayMeters;
import dev.flotilla.gateway.session.Destinations;
import dev.flotilla.identity.NodeId;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Where the sessions of this node go that it sends elsewhere: all of them when it is about to
/// stop, some of them when it is told that it has more than its share.
final class Departures {
  private static final Logger LOG = LoggerFactory.getLogger(Departures.class);
  private static final Duration ASK_LIMIT = Duration.ofMillis(500);

  private final Wiring wiring;
  private final GatewayMeters meters;
  private final Promise<Destinations> drain = Promise.promise();
  private final AtomicBoolean asked = new AtomicBoolean();
  private List<EdgeVerticle> edges = List.of();
  private volatile int leaving;

  Departures(Wiring wiring, GatewayMeters meters) {
    this.wiring = wiring;
    this.meters = meters;
  }

  /// Answers other nodes from now on, on the caller's context.
  Future<Void> open(List<EdgeVerticle> all) {
    edges = List.copyOf(all);
    return wiring.bus().answer(Addresses.sessions(self()), this::answer).ready();
  }

  /// Where everybody goes: to the nodes that serve, so that each has the same in the end. Asked by
  /// every loop; all get the same.
  Future<Destinations> destinations() {
    if (asked.compareAndSet(false, true)) {
      others().map(this::all).onComplete(drain);
    }
    return drain.future();
  }

  private Destinations all(Map<NodeId, Integer> others) {
    int sessions = meters.sessions();
    LOG.info("draining: {} sessions go to {}", sessions, others.keySet());
    // Also those that are not counted, because they are about to come, get a place.
    return Destinations.forAll(urls(Shares.fill(others, Math.max(sessions, others.size()))));
  }

  /// Sessions of each other gateway node that answers and does not drain itself.
  private Future<Map<NodeId, Integer>> others() {
    List<Future<SessionsReport>> answers =
        wiring.membership().withRole(NodeRole.GATEWAY).stream()
            .map(Node::id)
            .filter(id -> !id.equals(self()))
            .map(id -> wiring.bus().ask(Addresses.sessions(id), SessionsOrder.COUNT, ASK_LIMIT))
            .toList();
    return Future.join(answers)
        .transform(
            _ -> {
              Map<NodeId, Integer> counts = new HashMap<>();
              for (Future<SessionsReport> answer : answers) {
                if (answer.succeeded() && !answer.result().draining()) {
                  counts.put(answer.result().node(), answer.result().sessions());
                }
              }
              return Future.succeededFuture(counts);
            });
  }

  private Future<SessionsReport> answer(SessionsOrder order) {
    boolean draining = wiring.readiness().draining();
    if (leaving == 0 && !draining && !order.moves().isEmpty()) {
      move(order);
    }
    return Future.succeededFuture(new SessionsReport(self(), meters.sessions(), leaving, draining));
  }

  private void move(SessionsOrder order) {
    List<NodeId> places = new ArrayList<>();
    order.moves().forEach(move -> places.addAll(Collections.nCopies(move.sessions(), move.to())));
    Collections.shuffle(places);
    List<URI> urls = urls(places);
    LOG.info("rebalancing: {} sessions go to {}", urls.size(), order.moves());
    leaving = urls.size();
    Destinations destinations = Destinations.exactly(urls);
    int perLoop = Math.ceilDiv(urls.size(), edges.size());
    Future.join(edges.stream().map(edge -> edge.rebalance(destinations, perLoop)).toList())
        .onComplete(_ -> leaving = 0);
  }

  private List<URI> urls(List<NodeId> nodes) {
    Map<NodeId, URI> known =
        wiring.membership().nodes().stream().collect(Collectors.toMap(Node::id, Node::url));
    return nodes.stream().filter(known::containsKey).map(known::get).toList();
  }

  private NodeId self() {
    return wiring.membership().self().id();
  }
}
