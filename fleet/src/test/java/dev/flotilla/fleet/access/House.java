package dev.flotilla.fleet.access;

import dev.flotilla.bus.Bus;
import dev.flotilla.command.CommandVerticle;
import dev.flotilla.config.FleetConfig;
import dev.flotilla.fleet.client.ControlClient;
import dev.flotilla.gateway.GatewayVerticle;
import dev.flotilla.identity.Role;
import dev.flotilla.identity.TenantId;
import dev.flotilla.identity.Tokens;
import dev.flotilla.identity.UserId;
import dev.flotilla.log.EventLog;
import dev.flotilla.node.Wiring;
import dev.flotilla.registry.RegistryVerticle;
import dev.flotilla.store.Stores;
import dev.flotilla.telemetry.Readiness;
import dev.flotilla.testkit.LoneMembership;
import dev.flotilla.testkit.Patience;
import dev.flotilla.testkit.TestStores;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.ThreadingModel;
import io.vertx.core.Vertx;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.awaitility.Awaitility;

/// A whole node in one JVM, on fresh stores: every verticle as in production, only without a
/// cluster. A second gateway can stand beside it that no message of the bus reaches.
final class House implements AutoCloseable {
  static final Duration PATIENCE = Patience.LIMIT;
  static final String PASSWORD = "correct horse battery";

  private static final Clock CLOCK = Clock.systemUTC();

  final Vertx vertx = Vertx.vertx();
  private final Vertx deaf = Vertx.vertx();

  /// Held: a client that nobody holds is collected, and its sockets are closed.
  final WebSocketClient sockets = vertx.createWebSocketClient(ControlClient.options());

  final FleetConfig config;
  final Stores stores;
  final Bus bus = new Bus(vertx, CLOCK);
  final EventLog log;
  final Tokens tokens;
  final PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final int port;
  private int deafPort;

  private House(Map<String, String> settings) {
    Map<String, String> all = new HashMap<>(settings);
    all.put("FLOTILLA_GATEWAY_PORT", "0");
    all.put("FLOTILLA_GATEWAY_COMMAND_TIMEOUT", "30s");
    all.put("FLOTILLA_REGISTRY_REFRESH_INTERVAL", "500ms");
    all.putIfAbsent("FLOTILLA_ACCOUNTS_USER_ATTEMPTS", "0");
    all.putIfAbsent("FLOTILLA_ACCOUNTS_ADDRESS_ATTEMPTS", "0");
    for (String dialect : List.of("CONTROL", "DASHBOARD", "CHAT", "WORK", "STREAM")) {
      for (String rate : List.of("CONNECTION", "USER", "TENANT")) {
        all.put("FLOTILLA_DIALECTS_%s_%s_RATE".formatted(dialect, rate), "0");
      }
    }
    config = TestStores.fresh(all);
    stores = Stores.open(vertx, config);
    log = new EventLog(stores.postgres(), bus, CLOCK);
    tokens = new Tokens(vertx, config.identity(), CLOCK);
    LoneMembership membership = LoneMembership.named("n1");
    Readiness readiness = new Readiness();
    Wiring wiring = new Wiring(config, membership, bus, stores, log, meters, readiness, CLOCK);
    vertx.deployVerticle(new RegistryVerticle(wiring)).await();
    vertx
        .deployVerticle(
            new CommandVerticle(wiring),
            new DeploymentOptions().setThreadingModel(ThreadingModel.VIRTUAL_THREAD))
        .await();
    GatewayVerticle gateway =
        new GatewayVerticle(
            new dev.flotilla.gateway.Wiring(
                config, membership, bus, stores, log, tokens, meters, readiness, CLOCK));
    vertx.deployVerticle(gateway).await();
    port = gateway.port();
  }

  static House open(Map<String, String> settings) {
    return new House(settings);
  }

  static House open() {
    return open(Map.of());
  }

  /// A gateway on the same stores that hears no bell: it has a bus of its own.
  int deafGateway() {
    if (deafPort == 0) {
      Stores own = Stores.open(deaf, config);
      Bus lonely = new Bus(deaf, CLOCK);
      GatewayVerticle gateway =
          new GatewayVerticle(
              new dev.flotilla.gateway.Wiring(
                  config,
                  LoneMembership.named("n2"),
                  lonely,
                  own,
                  new EventLog(own.postgres(), lonely, CLOCK),
                  new Tokens(deaf, config.identity(), CLOCK),
                  new PrometheusMeterRegistry(PrometheusConfig.DEFAULT),
                  new Readiness(),
                  CLOCK));
      deaf.deployVerticle(gateway).await();
      deafPort = gateway.port();
    }
    return deafPort;
  }

  int port() {
    return port;
  }

  Rest rest() {
    return new Rest(port);
  }

  /// A token that stands alone, as `flotilla token` prints it.
  String token(String tenant, String user, Role role) {
    return tokens.issue(new TenantId(tenant), new UserId(user), List.of(role), Duration.ofHours(1));
  }

  /// A user with the [#PASSWORD], made by an admin of the tenant.
  void user(String tenant, String user, Role role) {
    Rest.Answer made =
        rest()
            .bearer(token(tenant, "root", Role.PLATFORM))
            .post(
                "/api/v1/users",
                new JsonObject()
                    .put("id", user)
                    .put("password", PASSWORD)
                    .put("roles", List.of(role.wireName())));
    if (made.status() != 201) {
      throw new AssertionError("no user was made: " + made);
    }
  }

  Rest.Answer login(String tenant, String user, String password) {
    return rest()
        .post(
            "/api/v1/auth/login",
            new JsonObject().put("tenant", tenant).put("username", user).put("password", password));
  }

  /// The tokens of a fresh login.
  JsonObject login(String tenant, String user) {
    Rest.Answer answer = login(tenant, user, PASSWORD);
    if (answer.status() != 200) {
      throw new AssertionError("not logged in: " + answer);
    }
    return answer.json();
  }

  /// Until it is so; what others may delay is waited for patiently.
  static void await(Callable<Boolean> so) {
    Awaitility.await().atMost(PATIENCE).until(so);
  }

  @Override
  public void close() {
    stop(deaf);
    stop(vertx);
  }

  /// What stands on the stores first.
  private static void stop(Vertx node) {
    for (String deployment : node.deploymentIDs()) {
      node.undeploy(deployment).otherwiseEmpty().await();
    }
    node.close().await();
  }
}
