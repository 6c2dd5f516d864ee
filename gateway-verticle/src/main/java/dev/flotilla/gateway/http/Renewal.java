package dev.flotilla.gateway.http;

import dev.flotilla.config.Http;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.net.ServerSSLOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Watches the files of a server's certificate and takes a renewed pair, without a connection being
/// closed. A pair that cannot be used changes nothing: the old one goes on, and the log says why.
public final class Renewal {
  private static final Logger LOG = LoggerFactory.getLogger(Renewal.class);

  private final Vertx vertx;
  private final Http http;
  private final HttpServer server;
  private String taken;

  private Renewal(Vertx vertx, Http http, HttpServer server) {
    this.vertx = vertx;
    this.http = http;
    this.server = server;
    this.taken = stamp();
  }

  /// On the server's own context.
  public static void watch(Vertx vertx, Http http, HttpServer server) {
    if (http.tls()) {
      Renewal renewal = new Renewal(vertx, http, server);
      vertx.setPeriodic(http.renewalCheck().toMillis(), _ -> renewal.look());
    }
  }

  private void look() {
    vertx.executeBlocking(this::stamp, false).onSuccess(this::seen);
  }

  private void seen(String stamp) {
    if (stamp.equals(taken)) {
      return;
    }
    taken = stamp;
    vertx
        .executeBlocking(
            () -> {
              FittingPair.require(vertx, ServerSetup.pair(http));
              return stamp;
            },
            false)
        .onSuccess(_ -> take())
        .onFailure(this::cannotBeUsed);
  }

  private void take() {
    ServerSSLOptions options = new ServerSSLOptions().setKeyCertOptions(ServerSetup.pair(http));
    options
        .setUseAlpn(true)
        .setApplicationLayerProtocols(
            http.http2() ? List.of("h2", "http/1.1") : List.of("http/1.1"));
    server
        // By force: the names of the files are what they were.
        .updateSSLOptions(options, true)
        .onSuccess(_ -> LOG.info("the certificate {} was renewed", http.certificate()))
        .onFailure(this::cannotBeUsed);
  }

  /// Files that are being replaced just now may be of two pairs; the next look sees the rest.
  private void cannotBeUsed(Throwable failure) {
    LOG.error(
        "the certificate {} cannot be used, the one before goes on: {}",
        http.certificate(),
        failure.toString());
  }

  /// Times and sizes; files that are being replaced just now have none.
  private String stamp() {
    StringBuilder stamp = new StringBuilder();
    for (String file :
        List.of(Objects.requireNonNull(http.certificate()), Objects.requireNonNull(http.key()))) {
      try {
        Path path = Path.of(file);
        stamp.append(Files.getLastModifiedTime(path).toMillis()).append('/');
        stamp.append(Files.size(path)).append(' ');
      } catch (IOException between) {
        LOG.debug("{} cannot be looked at: {}", file, between.getMessage());
      }
    }
    return stamp.toString();
  }
}
