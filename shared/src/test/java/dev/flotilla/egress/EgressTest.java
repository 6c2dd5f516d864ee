package dev.flotilla.egress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.flotilla.config.ConfigLoader;
import dev.flotilla.config.FleetConfig;
import dev.flotilla.fault.FaultException;
import io.vertx.core.Vertx;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EgressTest {
  private final Vertx vertx = Vertx.vertx();

  @AfterAll
  void close() {
    vertx.close().await();
  }

  private static FleetConfig.Egress config(Map<String, String> settings) {
    Map<String, String> all = new HashMap<>(settings);
    all.put("FLOTILLA_IDENTITY_SECRET", "s".repeat(32));
    try {
      return ConfigLoader.load(null, all).egress();
    } catch (Exception bad) {
      throw new AssertionError(bad);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ws://169.254.169.254/latest",
        "ws://169.254.0.1:80",
        "ws://[fe80::1]:80",
        "ws://[fd00:ec2::254]",
        "ws://[::ffff:169.254.169.254]",
        "ws://100.100.100.200",
        "ws://0.0.0.0:5432",
        "ws://[::]:5432"
      })
  void nobodyMakesTheFleetConnectToTheHostsOwnNetwork(String url) {
    Egress egress = Egress.toInstances(config(Map.of()));
    assertThatThrownBy(() -> egress.requireAllowed(URI.create(url)))
        .isInstanceOf(FaultException.class);
    assertThatThrownBy(() -> egress.find(vertx, URI.create(url)).await())
        .isInstanceOf(FaultException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ws://127.0.0.1:1", "ws://10.0.0.1", "wss://[fd12::1]:443"})
  void gatewaysOnLoopbackAndInPrivateNetworksAreFine(String url) {
    Egress egress = Egress.toInstances(config(Map.of()));
    assertThatCode(() -> egress.requireAllowed(URI.create(url))).doesNotThrowAnyException();
    assertThat(egress.find(vertx, URI.create(url)).await().port()).isPositive();
  }

  @Test
  void aNameIsLookedUpAndTheConnectionGoesToWhatWasFound() {
    Egress egress = Egress.toInstances(config(Map.of()));
    assertThat(egress.find(vertx, URI.create("wss://localhost")).await().host())
        .isIn("127.0.0.1", "0:0:0:0:0:0:0:1");
    Egress strict =
        Egress.toInstances(config(Map.of("FLOTILLA_EGRESS_DENY", "[127.0.0.0/8, '::1']")));
    assertThatCode(() -> strict.requireAllowed(URI.create("wss://localhost")))
        .doesNotThrowAnyException();
    assertThatThrownBy(() -> strict.find(vertx, URI.create("wss://localhost")).await())
        .isInstanceOf(FaultException.class);
  }

  @Test
  void webhooksDoNotReachTheNodeItselfUnlessOperatorsAllowIt() {
    URI url = URI.create("http://127.0.0.1:5432/");
    assertThatThrownBy(() -> Egress.toWebhooks(config(Map.of())).requireAllowed(url))
        .isInstanceOf(FaultException.class);
    Map<String, String> allow = Map.of("FLOTILLA_EGRESS_ALLOW", "[127.0.0.1]");
    assertThatCode(() -> Egress.toWebhooks(config(allow)).requireAllowed(url))
        .doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"ws:///x", "ws://u:p@h", "ws://h#f", "ws://h:65536", "ws://h:0", "ws://h?a=b"})
  void aUrlThatCannotBeOrCarriesMoreThanAnAddressIsRefused(String url) {
    assertThatThrownBy(() -> Target.requireInstance(URI.create(url)))
        .isInstanceOf(FaultException.class);
  }

  @Test
  void aWebhookMayHaveAQuery() {
    assertThatCode(() -> Target.requireWebhook(URI.create("https://h:65535/x?team=a")))
        .doesNotThrowAnyException();
  }
}
