package dev.flotilla.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.flotilla.config.ConfigException;
import dev.flotilla.config.ConfigLoader;
import dev.flotilla.config.FleetConfig;
import dev.flotilla.testkit.Pem;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.PemKeyCertOptions;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerSetupTest {
  @TempDir Path directory;

  private static HttpServerOptions options(Map<String, String> settings) throws ConfigException {
    Map<String, String> all = new HashMap<>(settings);
    all.put("FLOTILLA_IDENTITY_SECRET", "8b1c5d0f93ae27648b1c5d0f93ae2764e0");
    FleetConfig config = ConfigLoader.load(null, all);
    return ServerSetup.options(config.gateway(), config.http(), List.of());
  }

  private Map<String, String> tls(String http2) {
    Pem pair = Pem.make(directory, "node-" + http2, "-1d", 30);
    return Map.of(
        "FLOTILLA_HTTP_CERTIFICATE", pair.certificate().toString(),
        "FLOTILLA_HTTP_KEY", pair.key().toString(),
        "FLOTILLA_HTTP_HTTP2", http2);
  }

  @Test
  void withoutTlsThereIsNoHttp2() throws ConfigException {
    HttpServerOptions plain = options(Map.of());
    assertThat(plain.isSsl()).isFalse();
    assertThat(plain.isHttp2ClearTextEnabled()).isFalse();
    assertThat(plain.isUseProxyProtocol()).isFalse();
  }

  @Test
  void http2IsOfferedUnlessItIsNotWanted() throws ConfigException {
    assertThat(options(tls("true")).getAlpnVersions())
        .containsExactly(HttpVersion.HTTP_2, HttpVersion.HTTP_1_1);
    assertThat(options(tls("false")).getAlpnVersions()).containsExactly(HttpVersion.HTTP_1_1);
  }

  @Test
  void limitsOfHeadersAreThoseOfTheConfiguration() throws ConfigException {
    HttpServerOptions options =
        options(
            Map.of(
                "FLOTILLA_HTTP_MAX_HEADER_BYTES", "9000",
                "FLOTILLA_HTTP_MAX_REQUEST_LINE", "5000",
                "FLOTILLA_HTTP_PROXY_PROTOCOL", "true"));
    assertThat(options.getMaxHeaderSize()).isEqualTo(9_000);
    assertThat(options.getMaxInitialLineLength()).isEqualTo(5_000);
    assertThat(options.isUseProxyProtocol()).isTrue();
  }

  @Test
  void aPairThatFitsIsToldFromOneThatDoesNot() throws Exception {
    Pem one = Pem.make(directory, "one", "-1d", 30);
    Pem two = Pem.make(directory, "two", "-1d", 30);
    Vertx vertx = Vertx.vertx();
    FittingPair.require(vertx, pair(one.certificate(), one.key()));
    assertThatThrownBy(() -> FittingPair.require(vertx, pair(one.certificate(), two.key())))
        .hasMessageContaining("not that of");
    vertx.close().await();
  }

  private static PemKeyCertOptions pair(Path certificate, Path key) {
    return new PemKeyCertOptions().setCertPath(certificate.toString()).setKeyPath(key.toString());
  }
}
