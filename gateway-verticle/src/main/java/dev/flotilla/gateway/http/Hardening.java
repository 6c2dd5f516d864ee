package dev.flotilla.gateway.http;

import io.vertx.core.http.HttpServerResponse;

/// What every answer tells browsers: to trust nothing in it.
final class Hardening {
  private Hardening() {}

  static void apply(HttpServerResponse response) {
    response
        .putHeader("X-Content-Type-Options", "nosniff")
        .putHeader("X-Frame-Options", "DENY")
        .putHeader("Referrer-Policy", "no-referrer")
        .putHeader("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
  }
}
