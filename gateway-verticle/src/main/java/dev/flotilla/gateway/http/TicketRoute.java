package dev.flotilla.gateway.http;

import dev.flotilla.gateway.auth.Authenticator;
import dev.flotilla.gateway.auth.Carriers;
import dev.flotilla.gateway.meter.Via;
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
        .onComplete(issued -> JsonAnswer.send(context, CREATED, issued), context::fail);
  }
}
