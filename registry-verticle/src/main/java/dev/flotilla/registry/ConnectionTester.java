package dev.flotilla.registry;

import dev.flotilla.config.FleetConfig;
import dev.flotilla.config.Secret;
import dev.flotilla.contract.InstanceResult.InstanceTested;
import dev.flotilla.dispatch.ConnectionTest;
import dev.flotilla.egress.Egress;
import dev.flotilla.fault.Fault;
import dev.flotilla.identity.InstanceId;
import dev.flotilla.node.Wiring;
import dev.flotilla.registry.instance.Credentials;
import dev.flotilla.registry.instance.Instance;
import dev.flotilla.registry.instance.InstanceTable;
import dev.flotilla.registry.link.Endpoint;
import dev.flotilla.registry.link.openclaw.Probe;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/// Connects to instances once, for whoever wants to know what happens then.
///
/// @param refresh reads the table again: an instance may have been registered a moment ago
record ConnectionTester(
    Vertx vertx, Wiring wiring, InstanceTable table, Supplier<Future<Void>> refresh) {
  // Less than whoever asks waits.
  private static final Duration LIMIT = Duration.ofMillis(3_500);
  private static final InstanceId UNNAMED = new InstanceId("test");

  Future<InstanceTested> test(ConnectionTest test) {
    InstanceId id = test.instance();
    if (id != null) {
      return table.find(id) == null
          ? refresh.get().compose(_ -> test(required(id)))
          : test(required(id));
    }
    URI url = test.url();
    String token = test.token();
    if (url == null || token == null) {
      throw Fault.invalid("url", "A test needs a url and a token.").asException();
    }
    return probe().test(new Endpoint(UNNAMED, url, new Secret(token), null));
  }

  private Instance required(InstanceId id) {
    Instance instance = table.find(id);
    if (instance == null) {
      throw Fault.notFound("instance", id.value()).asException();
    }
    return instance;
  }

  private Future<InstanceTested> test(Instance instance) {
    Credentials.Problem problem = instance.credentials().problem();
    return problem == null
        ? probe().test(instance.endpoint())
        : Future.succeededFuture(
            new InstanceTested(
                false,
                problem.link().status(),
                problem.reason(),
                problem.link().action(),
                null,
                List.of(),
                0));
  }

  private Probe probe() {
    FleetConfig.Registry config = wiring.config().registry();
    Duration limit = config.requestTimeout();
    return new Probe(
        vertx,
        Egress.toInstances(wiring.config().egress()),
        wiring.membership().self().id().value(),
        config.instanceScopes(),
        limit.compareTo(LIMIT) < 0 ? limit : LIMIT);
  }
}
