package dev.flotilla.gateway.http;

import dev.flotilla.config.FleetConfig;
import dev.flotilla.fault.Fault;
import dev.flotilla.fault.FaultException;
import dev.flotilla.fault.Reason;
import dev.flotilla.gateway.auth.Carriers;
import dev.flotilla.gateway.auth.Credential;
import dev.flotilla.gateway.meter.Via;
import dev.flotilla.gateway.session.Arrival;
import dev.flotilla.gateway.session.Dialect;
import dev.flotilla.gateway.session.Edge;
import dev.flotilla.gateway.session.Lobby;
import dev.flotilla.gateway.session.Sessions;
import dev.flotilla.gateway.session.Voice.Admission;
import dev.flotilla.gateway.wire.DeflateTerms;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Where sockets are opened. Upgrades are taken before the router, which would wrap the socket;
/// whatever else comes to these paths is told what they are for.
public final class SocketRoutes {
  private static final Logger LOG = LoggerFactory.getLogger(SocketRoutes.class);
  private static final String EXTENSIONS = "Sec-WebSocket-Extensions";
  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  private final Edge edge;
  private final Sessions sessions;
  private final Lobby lobby;
  private final Carriers carriers;
  private final boolean compresses;
  private final Map<String, Dialect> dialects = new HashMap<>();
  private final Map<String, Dialect> subprotocols = new HashMap<>();

  public SocketRoutes(Edge edge, Sessions sessions, Lobby lobby, List<Dialect> dialects) {
    this.edge = edge;
    this.sessions = sessions;
    this.lobby = lobby;
    this.carriers = Carriers.of(edge.config());
    this.compresses = edge.config().compression() == FleetConfig.Compression.ON;
    dialects.forEach(dialect -> dialect.paths().forEach(path -> this.dialects.put(path, dialect)));
    dialects.forEach(dialect -> subprotocols.put(dialect.subprotocol(), dialect));
  }

  void mount(Router router) {
    dialects.keySet().forEach(path -> router.get(path).handler(this::explain));
  }

  /// The path's own, unless the client offers the subprotocol of another one: the server selects
  /// the first of ours that is offered, and then that is what it has to speak.
  private @Nullable Dialect spoken(HttpServerRequest request) {
    Dialect own = dialects.get(request.path());
    String offered = request.getHeader("Sec-WebSocket-Protocol");
    if (own == null || offered == null) {
      return own;
    }
    return Arrays.stream(offered.split(",", -1))
        .map(name -> subprotocols.get(name.strip()))
        .filter(Objects::nonNull)
        .findFirst()
        .orElse(own);
  }

  /// True where the request is taken: its socket is opened, or it is refused. One with a body is no
  /// upgrade: its socket would only open at the end of the body, whenever that comes.
  ///
  /// @param opened runs when the connection is a socket
  boolean take(HttpServerRequest request, Runnable opened) {
    Dialect dialect = spoken(request);
    if (dialect == null || !isUpgrade(request) || hasBody(request) || sessions.draining()) {
      return false;
    }
    Credential credential = carriers.ofUpgrade(request);
    boolean forbidden = !carriers.origins().admit(request);
    Lobby.Seat seat = lobby.enter();
    if (seat == null) {
      refuse(request, overloaded());
      return true;
    }
    if (forbidden) {
      edge.meters().authenticated(Via.WS, Reason.ORIGIN_NOT_ALLOWED);
    }
    DeflateTerms terms = compresses ? DeflateTerms.of(extensions(request)) : null;
    if (dialect.admission() != Admission.BEFORE_UPGRADE) {
      open(dialect, request, new Arrival(credential, null, forbidden, terms, seat), opened);
    } else if (forbidden) {
      seat.leave();
      refuse(request, originRefused());
    } else {
      admitFirst(dialect, request, new Arrival(credential, null, false, terms, seat), opened);
    }
    return true;
  }

  /// The request is held meanwhile: one that has been read to its end cannot be upgraded any more.
  private void admitFirst(
      Dialect dialect, HttpServerRequest request, Arrival arrival, Runnable opened) {
    request.pause();
    sessions
        .check(dialect, arrival.credential())
        .onComplete(
            principal -> checked(dialect, request, arrival.of(principal), opened),
            failure -> {
              arrival.leaveLobby();
              refuse(request, known(failure));
            });
  }

  /// The node may have begun to stop meanwhile, and a server that stops cuts what it upgrades.
  private void checked(
      Dialect dialect, HttpServerRequest request, Arrival arrival, Runnable opened) {
    if (sessions.draining()) {
      arrival.leaveLobby();
      refuse(request, RestRoutes.draining());
    } else {
      open(dialect, request, arrival, opened);
    }
  }

  private void open(Dialect dialect, HttpServerRequest request, Arrival arrival, Runnable opened) {
    if (arrival.compression() != null) {
      request.response().putHeader(EXTENSIONS, arrival.compression().answer());
    }
    request
        .toWebSocket()
        .onSuccess(
            socket -> {
              opened.run();
              sessions.open(dialect, socket, arrival);
            })
        .onFailure(
            failure -> {
              arrival.leaveLobby();
              LOG.debug("a socket was not opened", failure);
            });
  }

  private void refuse(HttpServerRequest request, Fault fault) {
    Hardening.apply(request);
    Problem.answerLast(request, fault, Correlation.begin(request, edge.clock()));
  }

  private Fault overloaded() {
    edge.meters().refused(Via.WS, Reason.OVERLOADED);
    return Fault.retryLater(
        Reason.OVERLOADED, "Too many sockets wait to be admitted here.", RETRY_AFTER);
  }

  private static Fault originRefused() {
    return Fault.of(Reason.ORIGIN_NOT_ALLOWED, "Pages of this origin may open no sockets here.");
  }

  /// Checks fail with faults only.
  private static Fault known(Throwable failure) {
    Fault fault = FaultException.in(failure);
    return fault == null ? Fault.of(Reason.INTERNAL, "Something went wrong.") : fault;
  }

  boolean draining() {
    return sessions.draining();
  }

  private static List<String> extensions(HttpServerRequest request) {
    return request.headers().getAll(EXTENSIONS);
  }

  private void explain(RoutingContext context) {
    if (isUpgrade(context.request()) && !hasBody(context.request())) {
      Problem.answer(context, RestRoutes.draining());
    } else {
      context.response().putHeader(HttpHeaders.UPGRADE, "websocket");
      Problem.answer(context, Fault.of(Reason.UPGRADE_REQUIRED, "This path is for WebSockets."));
    }
  }

  private static boolean hasBody(HttpServerRequest request) {
    String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
    return request.headers().contains(HttpHeaders.TRANSFER_ENCODING)
        || (length != null && !length.strip().equals("0"));
  }

  private static boolean isUpgrade(HttpServerRequest request) {
    return "websocket".equalsIgnoreCase(request.getHeader(HttpHeaders.UPGRADE));
  }
}
