package dev.flotilla.gateway.http;

import dev.flotilla.fault.Fault;
import dev.flotilla.fault.FaultCode;
import dev.flotilla.fault.Reason;
import dev.flotilla.wire.Json;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// A fault as HTTP shows it: problem details (RFC 9457) with the fleet's own members.
record Problem(
    String type,
    String title,
    int status,
    String detail,
    FaultCode code,
    Reason reason,
    @Nullable String field,
    boolean retryable,
    @Nullable Long retryAfterMs,
    String correlationId) {

  private static final String MEDIA_TYPE = "application/problem+json";

  /// Answers the request with the fault, unless it has been answered already.
  static void answer(RoutingContext context, Fault fault) {
    HttpServerResponse response = context.response();
    if (!response.ended() && !response.headWritten()) {
      answer(response, fault, Correlation.of(context));
    }
  }

  /// Answers a request with the fault and lets nothing else come over its connection.
  static void answerLast(HttpServerRequest request, Fault fault, String correlationId) {
    HttpServerResponse response = request.response();
    response.putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
    answer(response, fault, correlationId).onComplete(_ -> request.connection().close());
  }

  private static Future<Void> answer(
      HttpServerResponse response, Fault fault, String correlationId) {
    Problem problem = of(fault, correlationId);
    if (problem.status == 401) {
      response.putHeader("WWW-Authenticate", "Bearer");
    }
    if (problem.retryAfterMs != null) {
      response.putHeader(
          HttpHeaders.RETRY_AFTER, Long.toString(Math.ceilDiv(problem.retryAfterMs, 1000)));
    }
    return response
        .setStatusCode(problem.status)
        .putHeader(HttpHeaders.CONTENT_TYPE, MEDIA_TYPE)
        .end(Buffer.buffer(Json.bytes(problem)));
  }

  private static Problem of(Fault fault, String correlationId) {
    String words = fault.reason().name().toLowerCase(Locale.ROOT);
    return new Problem(
        "urn:flotilla:problem:" + words.replace('_', '-'),
        words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1).replace('_', ' '),
        fault.reason().httpStatus(),
        fault.message(),
        fault.code(),
        fault.reason(),
        fault.field(),
        fault.retryable(),
        fault.retryAfterMs(),
        correlationId);
  }
}
