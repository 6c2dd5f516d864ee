package dev.flotilla.gateway.http;

import dev.flotilla.gateway.auth.Origins;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

/// What pages of other origins may ask and read (CORS): those that `gateway.allowedOrigins` names,
/// with cookies; under `*` all others, without.
record Sharing(Origins origins) {
  private static final String MAY_SEND =
      "authorization, content-type, idempotency-key, if-match, if-none-match, traceparent,"
          + " x-correlation-id, x-csrf-token";
  private static final String MAY_READ = "etag, retry-after, x-correlation-id";
  private static final String METHODS = "GET, POST, PATCH, DELETE";
  private static final String REMEMBERED_SECONDS = "600";
  private static final int NO_CONTENT = 204;

  void mount(Router router) {
    router.route().handler(this::share);
    router.route().method(HttpMethod.OPTIONS).handler(this::preflight);
  }

  private void share(RoutingContext context) {
    HttpServerResponse response = context.response();
    response.putHeader(HttpHeaders.VARY, HttpHeaders.ORIGIN);
    String origin = context.request().getHeader(HttpHeaders.ORIGIN);
    if (origin != null && origins.admit(context.request())) {
      response
          .putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN, origin)
          .putHeader(HttpHeaders.ACCESS_CONTROL_EXPOSE_HEADERS, MAY_READ);
      if (origins.trust(context.request())) {
        response.putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_CREDENTIALS, "true");
      }
    }
    context.next();
  }

  /// Only browsers ask so. The answer says nothing of what is there.
  private void preflight(RoutingContext context) {
    if (context.request().getHeader(HttpHeaders.ACCESS_CONTROL_REQUEST_METHOD) == null) {
      context.next();
      return;
    }
    HttpServerResponse response = context.response();
    if (response.headers().contains(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN)) {
      response
          .putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_METHODS, METHODS)
          .putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_HEADERS, MAY_SEND)
          .putHeader(HttpHeaders.ACCESS_CONTROL_MAX_AGE, REMEMBERED_SECONDS);
    }
    response.setStatusCode(NO_CONTENT).end();
  }
}
