package dev.flotilla.registry.link.openclaw;

import com.fasterxml.jackson.databind.JsonNode;
import dev.flotilla.contract.InstanceResult.InstanceTested;
import dev.flotilla.contract.LinkStatus;
import dev.flotilla.egress.Egress;
import dev.flotilla.registry.link.Endpoint;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Connects once, beside whatever link there is, and tells how that went. It never fails.
public final class Probe {
  private final Vertx vertx;
  private final Egress egress;
  private final String node;
  private final List<String> scopes;
  private final Duration limit;

  /// @param limit how long it may take in all
  public Probe(Vertx vertx, Egress egress, String node, List<String> scopes, Duration limit) {
    this.vertx = vertx;
    this.egress = egress;
    this.node = node;
    this.scopes = scopes;
    this.limit = limit;
  }

  public Future<InstanceTested> test(Endpoint endpoint) {
    long begin = System.nanoTime();
    Dialer dialer =
        new Dialer(vertx, egress, endpoint.url(), ConnectRequest.of(endpoint, node, scopes), limit);
    return dialer
        .dial(new Deaf(), (_, _) -> {})
        .compose(line -> hangUp(line, tested(Verdict.of(line.hello()), line.hello(), begin)))
        .timeout(limit.toMillis(), TimeUnit.MILLISECONDS)
        .otherwise(failure -> tested(Verdict.of(failure), null, begin))
        .eventually(dialer::close);
  }

  private static Future<InstanceTested> hangUp(Dialer.Line line, InstanceTested tested) {
    return line.connection().close((short) 1000, "only a test").map(tested);
  }

  private static InstanceTested tested(Verdict verdict, @Nullable Hello hello, long begin) {
    return new InstanceTested(
        verdict.status() == LinkStatus.CONNECTED,
        verdict.status(),
        verdict.words(),
        verdict.action(),
        hello == null ? null : hello.version(),
        hello == null ? List.of() : hello.scopes(),
        Duration.ofNanos(System.nanoTime() - begin).toMillis());
  }

  /// What happens at the instance is not what is asked.
  private static final class Deaf implements Connection.Listener {
    @Override
    public void event(String name, JsonNode payload) {
      // Nobody listens.
    }

    @Override
    public void missed() {
      // Nobody listens.
    }
  }
}
