package dev.flotilla.gateway.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flotilla.fault.Fault;
import dev.flotilla.fault.Reason;
import dev.flotilla.gateway.wire.StrictJson;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/// Reads a request's body up to a limit, whatever type it claims to have.
final class Body {
  private Body() {}

  /// The body as one JSON object; no body is an empty one. The request must be paused; it is
  /// resumed.
  static Future<ObjectNode> json(HttpServerRequest request, int limit) {
    return bytes(request, limit).compose(Body::parse);
  }

  /// The fields of a form, as browsers and providers send it.
  static Future<MultiMap> form(HttpServerRequest request, int limit) {
    return bytes(request, limit)
        .map(
            body -> {
              MultiMap fields = MultiMap.caseInsensitiveMultiMap();
              new QueryStringDecoder(body.toString(StandardCharsets.UTF_8), false)
                  .parameters()
                  .forEach(fields::add);
              return fields;
            });
  }

  private static Future<Buffer> bytes(HttpServerRequest request, int limit) {
    Promise<Buffer> done = Promise.promise();
    Buffer body = Buffer.buffer();
    request.handler(
        piece -> {
          if (body.length() + piece.length() <= limit) {
            body.appendBuffer(piece);
          } else {
            done.tryFail(tooLarge(limit));
          }
        });
    request.exceptionHandler(_ -> done.tryFail(endedEarly()));
    request.endHandler(_ -> done.tryComplete(body));
    request.resume();
    return done.future();
  }

  private static Future<ObjectNode> parse(Buffer body) {
    if (body.length() == 0) {
      return Future.succeededFuture(StrictJson.emptyObject());
    }
    try {
      return Future.succeededFuture(StrictJson.object(StrictJson.text(body.getBytes())));
    } catch (CharacterCodingException notUtf8) {
      return Future.failedFuture(Fault.of(Reason.NOT_JSON, "The body is not UTF-8.").asException());
    } catch (RuntimeException refused) {
      return Future.failedFuture(refused);
    }
  }

  /// The client is gone, which is its own affair.
  private static RuntimeException endedEarly() {
    return Fault.of(Reason.NOT_JSON, "The body ended early.").asException();
  }

  private static RuntimeException tooLarge(int limit) {
    return Fault.of(Reason.PAYLOAD_TOO_LARGE, "A body has at most " + limit + " bytes.")
        .asException();
  }
}
