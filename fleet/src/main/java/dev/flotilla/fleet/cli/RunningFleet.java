package dev.flotilla.fleet.cli;

import dev.flotilla.fleet.bench.Target;
import dev.flotilla.fleet.client.ControlClient;
import dev.flotilla.identity.Ids;
import dev.flotilla.identity.Role;
import dev.flotilla.identity.TenantId;
import dev.flotilla.identity.Tokens;
import dev.flotilla.identity.UserId;
import io.vertx.core.Vertx;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// The fleet that a measurement connects to.
final class RunningFleet {
  @Mixin final IdentitySource source = new IdentitySource();

  @Option(
      names = "--url",
      split = ",",
      defaultValue = "http://127.0.0.1:8080",
      paramLabel = "URL",
      description = "The nodes to connect to; repeat it (default: ${DEFAULT-VALUE}).")
  List<URI> nodes;

  /// As one operator of a tenant that nobody else uses.
  Target open(Vertx vertx) throws Exception {
    Clock clock = Clock.systemUTC();
    String token =
        new Tokens(vertx, source.identity(), clock)
            .issue(
                new TenantId("bench-" + Ids.next(clock)),
                new UserId("bench"),
                List.of(Role.OPERATOR),
                Duration.ofHours(1));
    return new Target(vertx.createWebSocketClient(ControlClient.options()), nodes, token);
  }
}
