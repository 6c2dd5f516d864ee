package dev.flotilla.gateway.http;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;

/// What every answer tells browsers and caches: to trust nothing in it, and to keep nothing of it.
final class Hardening {
  private static final String YEAR = "max-age=31536000";

  private Hardening() {}

  static void apply(HttpServerRequest request) {
    HttpServerResponse response = request.response();
    response
        .putHeader("X-Content-Type-Options", "nosniff")
        .putHeader("X-Frame-Options", "DENY")
        .putHeader("Referrer-Policy", "no-referrer")
        .putHeader("Cross-Origin-Opener-Policy", "same-origin")
        .putHeader("Cross-Origin-Resource-Policy", "same-origin")
        .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
        .putHeader("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
    if (request.isSSL()) {
      response.putHeader("Strict-Transport-Security", YEAR);
    }
  }
}
