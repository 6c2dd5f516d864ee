package dev.flotilla.gateway.http;

import dev.flotilla.contract.CommandKind;
import dev.flotilla.dispatch.CommandRequest;
import dev.flotilla.fault.Fault;
import dev.flotilla.fault.FaultCode;
import dev.flotilla.fault.FaultException;
import dev.flotilla.fault.Reason;
import dev.flotilla.gateway.auth.Carriers;
import dev.flotilla.gateway.dialect.control.ClientFrame;
import dev.flotilla.gateway.dialect.control.FrameDecoder;
import dev.flotilla.gateway.dialect.control.ServerFrame;
import dev.flotilla.gateway.meter.Via;
import dev.flotilla.gateway.session.Edge;
import dev.flotilla.gateway.wire.StrictJson;
import dev.flotilla.identity.Principal;
import dev.flotilla.telemetry.LogKeys;
import dev.flotilla.wire.Json;
import dev.flotilla.wire.RawJson;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// `POST /api/v1/call`: one `req` frame of the control dialect, answered by one `res`. With the
/// event stream it is what a client has that cannot open a WebSocket.
///
/// @param draining changes are refused while it is true
record CallRoute(Edge edge, Carriers carriers, BooleanSupplier draining) {
  private static final Logger LOG = LoggerFactory.getLogger(CallRoute.class);
  private static final int OK = 200;

  void mount(Router router) {
    for (String prefix : RestRoutes.PREFIXES) {
      router.post(prefix + "/call").handler(this::serve);
    }
  }

  private void serve(RoutingContext context) {
    // Nothing may be read before its reader is there.
    context.request().pause();
    edge.authenticator()
        .authenticate(carriers.ofRequest(context.request(), true), Via.REST)
        .compose(principal -> read(context, principal))
        .onFailure(context::fail);
  }

  /// What cannot be understood is a problem like any other; what can gets its `res`.
  private Future<Void> read(RoutingContext context, Principal principal) {
    return Body.json(context.request(), edge.config().maxBodyBytes())
        .map(body -> FrameDecoder.call(body, Correlation.of(context)))
        .map(
            call -> {
              run(context, principal, call)
                  .onComplete(
                      result -> answer(context, OK, ServerFrame.ok(call.id(), result)),
                      failure -> refuse(context, call, failure));
              return null;
            });
  }

  private Future<RawJson> run(RoutingContext context, Principal principal, ClientFrame.Req call) {
    CommandKind kind = CommandKind.of(call.method()).orElse(null);
    if (kind == null) {
      return Future.failedFuture(
          Fault.of(Reason.UNKNOWN_METHOD, "There is no method of that name.").asException());
    }
    if (kind.changesState() && draining.getAsBoolean()) {
      return Future.failedFuture(RestRoutes.draining().asException());
    }
    return edge.commands()
        .run(
            new CommandRequest(
                kind,
                StrictJson.raw(call.params()),
                principal,
                call.idempotencyKey(),
                Correlation.of(context),
                call.trace()),
            RestRoutes.VIA);
  }

  private void refuse(RoutingContext context, ClientFrame.Req call, Throwable failure) {
    Fault fault = FaultException.in(failure);
    if (fault == null) {
      context.fail(failure);
      return;
    }
    denied(context, call, fault);
    answer(
        context,
        fault.reason().httpStatus(),
        ServerFrame.refused(call.id(), fault, Correlation.of(context), edge.now()));
  }

  /// What a principal may not do is news here as everywhere.
  private void denied(RoutingContext context, ClientFrame.Req call, Fault fault) {
    edge.meters().refused(Via.REST, fault.reason());
    if (fault.code() == FaultCode.AUTHORIZATION_FAILED) {
      LOG.atInfo()
          .addKeyValue(LogKeys.CORRELATION_ID, Correlation.of(context))
          .addKeyValue(LogKeys.METHOD, call.method())
          .log("refused: {} at {}", fault.reason(), context.normalizedPath());
    }
  }

  private static void answer(RoutingContext context, int status, ServerFrame res) {
    if (!context.response().closed()) {
      context
          .response()
          .setStatusCode(status)
          .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
          .end(Buffer.buffer(Json.bytes(res)));
    }
  }
}
