package dev.flotilla.gateway.http;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.flotilla.cluster.Node;
import dev.flotilla.cluster.NodeRole;
import dev.flotilla.contract.Contract;
import dev.flotilla.gateway.session.Edge;
import dev.flotilla.identity.NodeId;
import dev.flotilla.telemetry.Readiness;
import dev.flotilla.telemetry.Readiness.Part;
import dev.flotilla.telemetry.Version;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How this node is. Open to everybody, so all who ask within a moment share one look: asking often
/// costs the stores nothing.
final class HealthRoutes {
  private static final Duration LIMIT = Duration.ofSeconds(2);
  private static final Duration STUCK_AFTER = Duration.ofSeconds(5);
  private static final long SHARED_FOR = Duration.ofMillis(250).toNanos();

  /// @param contractVersion of the dashboard dialect, by the name that its clients know
  private record Health(
      String status,
      String version,
      @JsonProperty("contract_version") String contractVersion,
      NodeId node,
      List<String> roles,
      List<Part> parts) {}

  /// @param stuck event loops that do not turn, none where all is well
  private record Live(String status, NodeId node, List<String> stuck) {}

  private final Node self;
  private final Context loop;
  private final Readiness readiness;
  private @Nullable Future<List<Part>> look;
  private long lookedAt;

  /// @param loop the server's own
  HealthRoutes(Node self, Context loop, Readiness readiness) {
    this.self = self;
    this.loop = loop;
    this.readiness = readiness;
  }

  void mount(Router router) {
    for (String prefix : List.of("", "/api", "/api/v1")) {
      router.get(prefix + "/health").handler(this::health);
      router.get(prefix + "/health/ready").handler(this::health);
      router.get(prefix + "/health/live").handler(this::live);
    }
  }

  /// That somebody answers shows that one loop turns; the others say so themselves.
  private void live(RoutingContext context) {
    List<String> stuck = readiness.stuck(STUCK_AFTER);
    String status = stuck.isEmpty() ? "live" : "stuck";
    JsonAnswer.send(context, stuck.isEmpty() ? 200 : 503, new Live(status, self.id(), stuck));
  }

  private void health(RoutingContext context) {
    look().onSuccess(parts -> answer(context, parts)).onFailure(context::fail);
  }

  private Future<List<Part>> look() {
    long now = System.nanoTime();
    Future<List<Part>> last = look;
    if (last == null || now - lookedAt > SHARED_FOR || last.failed()) {
      last = Edge.on(loop, readiness.check(LIMIT));
      look = last;
      lookedAt = now;
    }
    return last;
  }

  private void answer(RoutingContext context, List<Part> parts) {
    boolean ready = parts.stream().allMatch(Part::ready) && !readiness.draining();
    List<String> roles = self.roles().stream().map(NodeRole::wireName).sorted().toList();
    JsonAnswer.send(
        context,
        ready ? 200 : 503,
        new Health(
            ready ? "ready" : "unready",
            Version.CURRENT,
            Contract.DASHBOARD.currentVersion(),
            self.id(),
            roles,
            parts));
  }
}
