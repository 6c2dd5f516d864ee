package dev.flotilla.gateway.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flotilla.contract.CommandKind;
import dev.flotilla.contract.Rest;
import dev.flotilla.dispatch.CommandRequest;
import dev.flotilla.fault.Fault;
import dev.flotilla.fault.Reason;
import dev.flotilla.gateway.auth.Authenticator;
import dev.flotilla.gateway.auth.Carriers;
import dev.flotilla.gateway.command.Commands;
import dev.flotilla.gateway.meter.Via;
import dev.flotilla.gateway.wire.StrictJson;
import dev.flotilla.identity.Ids;
import dev.flotilla.identity.Principal;
import dev.flotilla.telemetry.Tracing;
import dev.flotilla.wire.RawJson;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// REST, made from the command table: every row under both prefixes.
///
/// Each route authenticates by itself. No filter in front of a group of paths decides who may pass,
/// so no spelling of a path can pass it by.
///
/// @param drains changes are refused while it is true: the node may be gone before they are done
/// @param maxBodyBytes larger bodies are refused
record RestRoutes(
    Authenticator authenticator,
    Carriers carriers,
    Commands commands,
    Clock clock,
    BooleanSupplier drains,
    int maxBodyBytes) {
  static final List<String> PREFIXES = List.of("/api/v1", "/api");

  /// What requests come through, for meters.
  static final String VIA = "rest";

  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);
  private static final int NOT_MODIFIED = 304;
  private static final String TRACEPARENT = "traceparent";
  private static final String IDEMPOTENCY_KEY = "Idempotency-Key";
  private static final Pattern KEY = Pattern.compile("[!-~]{1,128}");

  void mount(Router router) {
    for (String prefix : PREFIXES) {
      for (CommandKind kind : CommandKind.values()) {
        Rest rest = kind.rest();
        router
            .route(HttpMethod.valueOf(rest.verb().name()), prefix + rest.path())
            .handler(context -> serve(context, kind));
      }
    }
  }

  /// Serves the command at another path, too.
  Handler<RoutingContext> handler(CommandKind kind) {
    return context -> serve(context, kind);
  }

  private void serve(RoutingContext context, CommandKind kind) {
    if (kind.changesState() && drains.getAsBoolean()) {
      throw draining().asException();
    }
    // Nothing may be read before its reader is there.
    context.request().pause();
    authenticator
        .authenticate(carriers.ofRequest(context.request(), kind.changesState()), Via.REST)
        .compose(principal -> run(context, kind, principal))
        .onComplete(
            result -> answer(context, kind, result),
            failure -> context.fail(Revisions.refusal(context.request(), failure)));
  }

  static Fault draining() {
    return Fault.retryLater(Reason.DRAINING, "This node is about to stop.", RETRY_AFTER);
  }

  private Future<RawJson> run(RoutingContext context, CommandKind kind, Principal principal) {
    return body(context.request(), kind)
        .compose(
            body -> {
              Revisions.expect(context.request(), kind, body);
              return commands.run(request(context, kind, principal, body), VIA);
            });
  }

  private Future<ObjectNode> body(HttpServerRequest request, CommandKind kind) {
    if (kind.rest().verb() == Rest.Verb.POST || kind.rest().verb() == Rest.Verb.PATCH) {
      return Body.json(request, maxBodyBytes);
    }
    request.resume();
    return Future.succeededFuture(StrictJson.emptyObject());
  }

  private CommandRequest request(
      RoutingContext context, CommandKind kind, Principal principal, ObjectNode body) {
    RawJson params = RestParams.of(kind, context.pathParams(), context.queryParams(), body);
    return new CommandRequest(
        kind,
        params,
        principal,
        kind.changesState() ? idempotencyKey(context.request()) : null,
        Correlation.of(context),
        Tracing.valid(context.request().getHeader(TRACEPARENT)));
  }

  /// A request without a key gets one: it works, and cannot be replayed by its sender.
  private String idempotencyKey(HttpServerRequest request) {
    @Nullable String key = request.getHeader(IDEMPOTENCY_KEY);
    if (key == null) {
      return Ids.next(clock);
    }
    if (!KEY.matcher(key).matches()) {
      throw Fault.invalid(
              IDEMPOTENCY_KEY, "An idempotency key has 1 to 128 printable characters, no spaces.")
          .asException();
    }
    return key;
  }

  private static void answer(RoutingContext context, CommandKind kind, RawJson result) {
    if (!context.response().closed()) {
      String tag = Revisions.tag(kind, result);
      if (tag != null) {
        // Kept by who asked, and shown anew only where it is still so.
        context
            .response()
            .putHeader(HttpHeaders.ETAG, tag)
            .putHeader(HttpHeaders.CACHE_CONTROL, "private, no-cache");
      }
      if (!kind.changesState() && Revisions.isKnown(context.request(), tag)) {
        context.response().setStatusCode(NOT_MODIFIED).end();
        return;
      }
      context
          .response()
          .setStatusCode(kind.rest().status())
          .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
          .end(result.text());
    }
  }
}
