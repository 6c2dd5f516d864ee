package dev.flotilla.command.node;

import dev.flotilla.bus.Addresses;
import dev.flotilla.bus.Bus;
import dev.flotilla.bus.Echo;
import dev.flotilla.cluster.Membership;
import dev.flotilla.cluster.Node;
import dev.flotilla.cluster.NodeRole;
import dev.flotilla.contract.OpsResult.BusTrip;
import dev.flotilla.contract.OpsResult.NodeCheckups;
import dev.flotilla.contract.OpsResult.NodeState;
import dev.flotilla.telemetry.Checkup;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// Asks each node how it is. One that does not answer is in the answer, too: that is what the
/// caller wants to know.
public record CheckNodes(Membership membership, Bus bus, Clock clock) {
  private static final Duration LIMIT = Duration.ofSeconds(2);
  private static final double MS = 1e6;

  public NodeCheckups handle() {
    List<Future<NodeState>> asked = membership.nodes().stream().map(this::ask).toList();
    Future.all(asked).await();
    return new NodeCheckups(membership.self().id(), asked.stream().map(Future::result).toList());
  }

  private Future<NodeState> ask(Node node) {
    long start = System.nanoTime();
    Instant sent = clock.instant();
    Echo from = new Echo(membership.self().id());
    return bus.ask(Addresses.checkup(node.id()), from, LIMIT)
        .map(
            said -> {
              Duration trip = Duration.ofNanos(System.nanoTime() - start);
              // Half of the way there, half of it back.
              Duration skew = Duration.between(sent.plus(trip.dividedBy(2)), said.now());
              return answered(node, said, trip, skew);
            })
        .otherwise(
            _ ->
                NodeState.silent(
                    node.id(), node.url(), roles(node), "It does not answer over the bus."));
  }

  private static NodeState answered(Node node, Checkup said, Duration trip, Duration skew) {
    return new NodeState(
        node.id(),
        node.url(),
        roles(node),
        null,
        trip.toNanos() / MS,
        skew.toMillis(),
        said.version(),
        said.java(),
        said.startedAt(),
        said.openFiles(),
        said.maxFiles(),
        said.members(),
        said.bus().stream()
            .map(each -> new BusTrip(each.peer(), each.lastMs(), each.missed()))
            .toList());
  }

  private static List<String> roles(Node node) {
    return node.roles().stream().map(NodeRole::wireName).sorted().toList();
  }
}
