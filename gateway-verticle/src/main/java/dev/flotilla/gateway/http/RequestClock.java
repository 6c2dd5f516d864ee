package dev.flotilla.gateway.http;

import dev.flotilla.fault.Fault;
import dev.flotilla.fault.Reason;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;

/// Closes connections of one event loop that let a request come in piece by piece. What trickles is
/// never idle, so idle timeouts do not see it: here counts when a request is complete, not whether
/// bytes come.
///
/// A connection without a request is closed after the same time. Those that have become sockets are
/// forgotten, and what waits for its answer is left in peace.
public final class RequestClock {
  private static final int LOOKS = 4;

  /// A request and when its head was there.
  private record Begun(HttpServerRequest request, long at) {
    boolean isOver() {
      return request.response().ended() || request.response().closed();
    }
  }

  private static final class Tenure {
    final Deque<Begun> requests = new ArrayDeque<>(2);
    long quietSince;

    Tenure(long now) {
      quietSince = now;
    }

    void forgetOver() {
      // Not only from the head on: of the requests of one connection any may be over first.
      requests.removeIf(Begun::isOver);
    }
  }

  private final IdentityHashMap<HttpConnection, Tenure> tenures = new IdentityHashMap<>();
  private final Clock clock;
  private final long limit;

  /// @param limit from the first byte to the last one of a request, about
  public RequestClock(Vertx vertx, Duration limit, Clock clock) {
    this.limit = limit.toNanos();
    this.clock = clock;
    vertx.setPeriodic(Math.max(1, limit.toMillis() / LOOKS), _ -> look(System.nanoTime()));
  }

  public void connected(HttpConnection connection) {
    tenures.put(connection, new Tenure(System.nanoTime()));
    connection.closeHandler(_ -> tenures.remove(connection));
  }

  void begin(HttpServerRequest request) {
    Tenure tenure = tenures.get(request.connection());
    if (tenure != null) {
      long now = System.nanoTime();
      tenure.quietSince = now;
      tenure.forgetOver();
      tenure.requests.add(new Begun(request, now));
    }
  }

  /// The connection has become something else.
  void forget(HttpConnection connection) {
    tenures.remove(connection);
  }

  private void look(long now) {
    List<HttpConnection> quiet = new ArrayList<>();
    List<HttpServerRequest> late = new ArrayList<>();
    tenures.forEach(
        (connection, tenure) -> {
          tenure.forgetOver();
          if (tenure.requests.isEmpty()) {
            if (now - tenure.quietSince > limit) {
              quiet.add(connection);
            }
            return;
          }
          tenure.quietSince = now;
          for (Iterator<Begun> each = tenure.requests.iterator(); each.hasNext(); ) {
            Begun begun = each.next();
            if (!begun.request().isEnded() && !begun.isOver() && now - begun.at() > limit) {
              late.add(begun.request());
              each.remove();
            }
          }
        });
    quiet.forEach(
        connection -> {
          tenures.remove(connection);
          connection.close();
        });
    late.forEach(this::refuse);
  }

  private void refuse(HttpServerRequest request) {
    if (request.response().headWritten()) {
      request.connection().close();
      return;
    }
    Fault fault = Fault.of(Reason.REQUEST_TIMEOUT, "The request did not come in time.");
    Problem.answerLast(request, fault, Correlation.begin(request, clock));
  }
}
