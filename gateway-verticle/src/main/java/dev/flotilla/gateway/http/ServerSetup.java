package dev.flotilla.gateway.http;

import dev.flotilla.config.FleetConfig;
import dev.flotilla.config.Http;
import dev.flotilla.fault.Fault;
import dev.flotilla.fault.Reason;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.PemKeyCertOptions;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// How a node's HTTP server is set up, and what it says to those whom it cannot understand.
public final class ServerSetup {
  private static final Duration CLOSING = Duration.ofSeconds(5);

  private ServerSetup() {}

  public static HttpServerOptions options(
      FleetConfig.Gateway config, Http http, List<String> subprotocols) {
    HttpServerOptions options =
        new HttpServerOptions()
            // The sessions' own business: these would give each socket a window of its own.
            .setPerFrameWebSocketCompressionSupported(false)
            .setPerMessageWebSocketCompressionSupported(false)
            .setWebSocketSubProtocols(subprotocols)
            // For strangers; a session that is connected has limits of its own.
            .setMaxWebSocketFrameSize(config.maxFrameBytesBeforeConnect())
            .setMaxWebSocketMessageSize(config.maxFrameBytesBeforeConnect())
            .setWebSocketClosingTimeout((int) CLOSING.toSeconds())
            .setHttp2ClearTextEnabled(false)
            .setMaxHeaderSize(http.maxHeaderBytes())
            .setMaxInitialLineLength(http.maxRequestLine())
            .setUseProxyProtocol(http.proxyProtocol())
            // A connection is used on its own loop only: then it needs no queues between threads.
            .setStrictThreadMode(true)
            .setHandle100ContinueAutomatically(true)
            // Sockets are pinged well before; this one is for HTTP that says nothing.
            .setIdleTimeout((int) config.pongTimeout().plusSeconds(30).toSeconds())
            .setIdleTimeoutUnit(TimeUnit.SECONDS);
    if (http.tls()) {
      options
          .setSsl(true)
          .setKeyCertOptions(pair(http))
          .setUseAlpn(true)
          .setAlpnVersions(
              http.http2()
                  ? List.of(HttpVersion.HTTP_2, HttpVersion.HTTP_1_1)
                  : List.of(HttpVersion.HTTP_1_1))
          .setSslHandshakeTimeout(http.requestTimeout().toMillis())
          .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS);
    }
    return options;
  }

  static PemKeyCertOptions pair(Http http) {
    return new PemKeyCertOptions()
        .setCertPath(Objects.requireNonNull(http.certificate()))
        .setKeyPath(Objects.requireNonNull(http.key()));
  }

  /// Answers what is no request, or too long for one.
  public static void refuse(HttpServerRequest request, Clock clock) {
    @Nullable Throwable cause = request.decoderResult().cause();
    Fault fault =
        switch (cause) {
          case TooLongHttpLineException _ ->
              Fault.of(Reason.URI_TOO_LONG, "The first line of the request is too long.");
          case TooLongHttpHeaderException _ ->
              Fault.of(Reason.HEADERS_TOO_LARGE, "The headers of the request are too large.");
          case null, default ->
              Fault.of(Reason.INVALID_FRAME, "This is not a request that can be understood.");
        };
    Hardening.apply(request);
    Problem.answerLast(request, fault, Correlation.begin(request, clock));
  }
}
