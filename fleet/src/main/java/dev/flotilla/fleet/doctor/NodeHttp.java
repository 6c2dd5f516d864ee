package dev.flotilla.fleet.doctor;

import dev.flotilla.config.FleetConfig;
import dev.flotilla.config.Http;
import dev.flotilla.identity.Role;
import dev.flotilla.identity.TenantId;
import dev.flotilla.identity.Tokens;
import dev.flotilla.identity.UserId;
import dev.flotilla.wire.Json;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.net.ClientOptionsBase;
import io.vertx.core.net.PemTrustOptions;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Asks nodes over HTTP, with a token that the configured secret signs. A node's own certificate is
/// trusted as it stands in its file; no other name or authority is needed to look at it.
public final class NodeHttp {
  public static final Duration LIMIT = Duration.ofSeconds(5);

  private static final UserId DOCTOR = new UserId("flotilla-doctor");

  /// An answer, or a failure.
  public record Answer(int status, String body) {
    public <T> T as(Class<T> type) {
      return Json.read(body, type);
    }
  }

  private final HttpClient client;
  private final WebSocketClient sockets;
  private final Tokens tokens;

  NodeHttp(Vertx vertx, FleetConfig config) {
    client = vertx.createHttpClient(trusting(new HttpClientOptions(), config.http()));
    sockets = vertx.createWebSocketClient(trusting(new WebSocketClientOptions(), config.http()));
    tokens = new Tokens(vertx, config.identity(), Clock.systemUTC());
  }

  private static <O extends ClientOptionsBase> O trusting(O options, Http http) {
    options.setConnectTimeout((int) LIMIT.toMillis());
    String certificate = http.certificate();
    if (certificate != null) {
      options.setTrustOptions(new PemTrustOptions().addCertPath(certificate));
      if (options instanceof HttpClientOptions ofHttp) {
        ofHttp.setVerifyHost(false);
      }
      if (options instanceof WebSocketClientOptions ofSockets) {
        ofSockets.setVerifyHost(false);
      }
    }
    return options;
  }

  public WebSocketClient sockets() {
    return sockets;
  }

  public String token(TenantId tenant) {
    return tokens.issue(tenant, DOCTOR, List.of(Role.PLATFORM), Duration.ofMinutes(5));
  }

  public Future<Answer> get(URI node, String path, TenantId tenant) {
    RequestOptions request =
        new RequestOptions()
            .setMethod(HttpMethod.GET)
            .setHost(node.getHost())
            .setPort(port(node))
            .setSsl(isTls(node))
            .setURI(path)
            .putHeader("Authorization", "Bearer " + token(tenant));
    return client
        .request(request)
        .compose(sent -> sent.send())
        .compose(
            response ->
                response.body().map(body -> new Answer(response.statusCode(), body.toString())))
        .timeout(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
  }

  public WebSocketConnectOptions socket(URI node, String path, TenantId tenant) {
    WebSocketConnectOptions options = new WebSocketConnectOptions();
    options.setHost(node.getHost()).setPort(port(node)).setSsl(isTls(node)).setURI(path);
    // A program, not a page: origins do not concern it.
    options.setAllowOriginHeader(false);
    options.putHeader("Authorization", "Bearer " + token(tenant));
    return options;
  }

  private static boolean isTls(URI node) {
    return "https".equals(node.getScheme());
  }

  private static int port(URI node) {
    return node.getPort() > 0 ? node.getPort() : isTls(node) ? 443 : 80;
  }
}
