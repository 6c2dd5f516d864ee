package dev.flotilla.gateway;

import dev.flotilla.cluster.Node;
import dev.flotilla.config.FleetConfig;
import dev.flotilla.gateway.session.Dialect;
import dev.flotilla.telemetry.Readiness;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/// The port of a node, which answers from the first moment: before the node has a database, a
/// cluster or a gateway it says what it waits for, and refuses everything else. The gateway then
/// opens the door at the same port, with the same servers, so that no connection is refused.
public final class Porch {
  /// Servers that ask for the same negative port share one free port.
  private static final AtomicInteger FREE_PORTS = new AtomicInteger();

  private final Vertx vertx;
  private final List<EdgeVerticle> edges = new ArrayList<>();
  private final List<String> deployments = new ArrayList<>();

  private Porch(Vertx vertx) {
    this.vertx = vertx;
  }

  /// Completes when the port answers.
  public static Future<Porch> open(
      Vertx vertx, FleetConfig config, Node self, Readiness readiness, Clock clock) {
    int loops = Runtime.getRuntime().availableProcessors();
    return open(vertx, config, self, readiness, clock, List.of(), loops);
  }

  /// @param more dialects beside the product's own
  /// @param loops how many event loops serve
  static Future<Porch> open(
      Vertx vertx,
      FleetConfig config,
      Node self,
      Readiness readiness,
      Clock clock,
      List<Dialect> more,
      int loops) {
    int configured = config.gateway().port();
    int port = configured == 0 ? -FREE_PORTS.incrementAndGet() : configured;
    Porch porch = new Porch(vertx);
    List<Future<String>> starting = new ArrayList<>();
    for (int i = 0; i < loops; i++) {
      EdgeVerticle edge = new EdgeVerticle(config, self, readiness, clock, more, port);
      porch.edges.add(edge);
      starting.add(vertx.deployVerticle(edge));
    }
    return Future.join(starting)
        .map(
            _ -> {
              starting.forEach(started -> porch.deployments.add(started.result()));
              // They have one pair together, and two who change it at once are in each other's way.
              porch.edges.getFirst().renewCertificates();
              return porch;
            });
  }

  List<EdgeVerticle> edges() {
    return List.copyOf(edges);
  }

  /// The one it listens on, also where the system has chosen it.
  int port() {
    return edges.getFirst().port();
  }

  /// Drains the edges that are still there: those of a gateway that made its own go before it.
  Future<?> close() {
    return Future.join(
        deployments.stream().filter(vertx.deploymentIDs()::contains).map(vertx::undeploy).toList());
  }
}
