package dev.flotilla.gateway.http;

import dev.flotilla.config.FleetConfig.DialectLimits;
import dev.flotilla.fault.Fault;
import dev.flotilla.fault.Reason;
import dev.flotilla.gateway.auth.Carriers;
import dev.flotilla.gateway.auth.Credential;
import dev.flotilla.gateway.dialect.stream.StreamAnswer;
import dev.flotilla.gateway.dialect.stream.StreamAsk;
import dev.flotilla.gateway.dialect.stream.StreamVoice;
import dev.flotilla.gateway.session.Arrival;
import dev.flotilla.gateway.session.Edge;
import dev.flotilla.gateway.session.Sessions;
import dev.flotilla.identity.Principal;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

/// `GET /api/v1/stream`: events for clients that cannot open a WebSocket.
public final class StreamRoute {
  /// RFC 9113, section 7.
  private static final long HTTP_1_1_REQUIRED = 0xd;

  private final Edge edge;
  private final Sessions sessions;
  private final DialectLimits limits;
  private final Carriers carriers;

  public StreamRoute(Edge edge, Sessions sessions, DialectLimits limits) {
    this.edge = edge;
    this.sessions = sessions;
    this.limits = limits;
    this.carriers = Carriers.of(edge.config());
  }

  DialectLimits limits() {
    return limits;
  }

  void mount(Router router) {
    for (String prefix : RestRoutes.PREFIXES) {
      router.get(prefix + "/stream").handler(this::open);
    }
  }

  private void open(RoutingContext context) {
    HttpServerRequest request = context.request();
    if (request.version() == HttpVersion.HTTP_2) {
      // The stream takes a connection of its own; clients try again with HTTP/1.1.
      context.response().reset(HTTP_1_1_REQUIRED);
      return;
    }
    if (sessions.draining()) {
      throw RestRoutes.draining().asException();
    }
    if (!carriers.origins().admit(request)) {
      throw Fault.of(Reason.ORIGIN_NOT_ALLOWED, "Pages of this origin may open no streams here.")
          .asException();
    }
    StreamAsk ask = StreamAsk.of(context.queryParams(), request.getHeader(StreamAsk.LAST_EVENT));
    StreamVoice voice = new StreamVoice(limits, ask, new Answer(context));
    sessions
        .check(voice, carriers.ofStream(request))
        .onComplete(principal -> begin(context, voice, principal), context::fail);
  }

  private void begin(RoutingContext context, StreamVoice voice, Principal principal) {
    if (context.response().closed()) {
      return;
    }
    if (sessions.draining()) { // Meanwhile.
      context.fail(RestRoutes.draining().asException());
      return;
    }
    if (context.response().writeQueueFull()) {
      // Answers to earlier requests wait on this connection, and the stream must not overtake them.
      context.request().connection().close();
      return;
    }
    Credential used = new Credential.None(false);
    sessions.open(voice, context.request(), new Arrival(used, principal, false, null, null));
  }

  private record Answer(RoutingContext context) implements StreamAnswer {

    /// Without a length and without chunks: the stream ends with its connection. The server writes
    /// no such head by itself, so what it asks for is taken away at the last moment.
    @Override
    public void begin() {
      HttpServerResponse response = context.response();
      context.addHeadersEndHandler(_ -> response.headers().remove(HttpHeaders.TRANSFER_ENCODING));
      response
          .putHeader(HttpHeaders.CONTENT_TYPE, "text/event-stream")
          .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
          .putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE)
          .putHeader(HttpHeaders.TRANSFER_ENCODING, HttpHeaders.IDENTITY)
          // Proxies of the nginx family hold answers back otherwise.
          .putHeader("X-Accel-Buffering", "no")
          .writeHead();
    }

    @Override
    public void refuse(Fault fault) {
      context.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
      Problem.answer(context, fault);
    }
  }
}
