package dev.flotilla.gateway.http;

import dev.flotilla.gateway.auth.Authenticator;
import dev.flotilla.gateway.auth.Carriers;
import dev.flotilla.gateway.auth.Tickets;
import dev.flotilla.gateway.meter.Via;
import dev.flotilla.wire.Json;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

/// `POST /api/v1/auth/ticket`: a ticket for the holder of a token.
record TicketRoute(Authenticator authenticator) {
  private static final int CREATED = 201;

  void mount(Router router) {
    for (String prefix : RestRoutes.PREFIXES) {
      router.post(prefix + "/auth/ticket").handler(this::issue);
    }
  }

  private void issue(RoutingContext context) {
    authenticator
        .issueTicket(Carriers.ofHeader(context.request()), Via.REST)
        .onComplete(issued -> answer(context, issued), context::fail);
  }

  private static void answer(RoutingContext context, Tickets.Issued issued) {
    if (!context.response().closed()) {
      context
          .response()
          .setStatusCode(CREATED)
          .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
          .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
          .end(Buffer.buffer(Json.bytes(issued)));
    }
  }
}
