package dev.flotilla.fleet.client;

import dev.flotilla.fleet.client.Reconnects.Attempt;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A client of the control dialect that stays: it comes back after whatever ended its session, goes
/// on after the last thing that it has seen, and goes where a node that sends it away tells it to.
///
/// Its consumer gets every durable event of its topics once, in order, whatever happens to nodes.
/// It ends only when it is closed, or when a node says that there is no use in coming back.
public final class ResumingClient {
  /// What it needs to know.
  ///
  /// @param nodes URLs of the nodes to begin with; a node may name others
  public record Setup(WebSocketClient sockets, List<URI> nodes, String token, List<String> topics) {
    public Setup {
      nodes = List.copyOf(nodes);
      topics = List.copyOf(topics);
    }
  }

  private static final long RETRY_MS = 100;
  private static final int UNAUTHENTICATED = 4401;

  /// Close codes after which the same client would be closed again.
  private static final Set<Integer> FINAL = Set.of(1002, 1003, 1007, 1008, 1009, 4400, 4401, 4403);

  private final Vertx vertx;
  private final Setup setup;
  private final Consumer<JsonObject> events;
  private final Reconnects reconnects;
  private final Promise<ResumingClient> ready = Promise.promise();
  private final Promise<Integer> ended = Promise.promise();
  private volatile @Nullable ControlClient session;
  private volatile @Nullable JsonObject position;
  private volatile boolean closed;

  private ResumingClient(Vertx vertx, Setup setup, Consumer<JsonObject> events, int first) {
    this.vertx = vertx;
    this.setup = setup;
    this.events = events;
    this.reconnects = new Reconnects(setup.nodes(), first);
  }

  /// Completes when it is subscribed for the first time.
  ///
  /// @param first which of the nodes to begin with
  /// @param events gets every frame that is no answer
  public static Future<ResumingClient> start(
      Vertx vertx, Setup setup, int first, Consumer<JsonObject> events) {
    ResumingClient client = new ResumingClient(vertx, setup, events, first);
    client.connect();
    return client.ready.future();
  }

  /// Asks until it is answered, on whichever node. Repeating is harmless: a change has its key.
  public Future<JsonObject> request(
      String method, JsonObject params, @Nullable String idempotencyKey) {
    ControlClient now = session;
    Future<JsonObject> answer =
        now == null
            ? Future.failedFuture("not connected")
            : now.request(method, params, idempotencyKey);
    return answer.recover(
        failure ->
            closed || !worthRepeating(failure)
                ? Future.failedFuture(failure)
                : vertx
                    .timer(RETRY_MS, TimeUnit.MILLISECONDS)
                    .compose(_ -> request(method, params, idempotencyKey)));
  }

  /// Where it is now; null between two sessions.
  public @Nullable URI node() {
    return session == null ? null : reconnects.last();
  }

  /// How often it has come back.
  public int returns() {
    return reconnects.successes() - 1;
  }

  /// How often it knocked in vain.
  public int refusals() {
    return reconnects.failures();
  }

  /// Completes with the close code when it does not come back any more.
  public Future<Integer> ended() {
    return ended.future();
  }

  public Future<Void> close() {
    closed = true;
    ControlClient now = session;
    return now == null ? Future.succeededFuture() : now.close();
  }

  private void connect() {
    if (closed) {
      return;
    }
    Attempt attempt = reconnects.next();
    if (attempt.delayMs() > 0) {
      vertx.setTimer(attempt.delayMs(), _ -> connectTo(attempt.node()));
    } else {
      connectTo(attempt.node());
    }
  }

  private void connectTo(URI node) {
    ControlClient.connect(setup.sockets(), node, setup.token(), this::hear)
        .compose(this::subscribe)
        .onComplete(this::connected, this::failed);
  }

  /// The position is asked for in the same request, or a live event could come before missed ones.
  private Future<ControlClient> subscribe(ControlClient client) {
    JsonObject seen = position;
    Future<JsonObject> subscribed =
        seen == null
            ? client.subscribe(setup.topics())
            : client.subscribeSince(setup.topics(), seen.getString("epoch"), seen.getLong("seq"));
    return subscribed
        .onSuccess(
            answer -> {
              if (position == null) {
                position = answer.getJsonObject("position");
              }
            })
        .map(client)
        .onFailure(_ -> client.close());
  }

  private void connected(ControlClient client) {
    session = client;
    reconnects.succeeded();
    client
        .closed()
        .onSuccess(
            code -> {
              session = null;
              closed |= FINAL.contains(code);
              connect();
              if (closed) {
                ended.tryComplete(code);
              }
            });
    ready.tryComplete(this);
  }

  private void failed(Throwable failure) {
    reconnects.failed();
    if (String.valueOf(failure.getMessage()).contains("\"AUTHENTICATION_FAILED\"")) {
      closed = true;
      ready.tryFail(failure);
      ended.tryComplete(UNAUTHENTICATED);
    }
    connect();
  }

  private void hear(JsonObject frame) {
    JsonObject payload = frame.getJsonObject("payload", new JsonObject());
    if (frame.containsKey("seq")) {
      position =
          new JsonObject().put("epoch", frame.getString("epoch")).put("seq", frame.getLong("seq"));
    }
    switch (String.valueOf(frame.getString("event"))) {
      case "tick", "gap" -> {
        if (payload.containsKey("position")) {
          position = payload.getJsonObject("position");
        }
      }
      case "drain" ->
          reconnects.sentAway(payload.getString("node"), payload.getLong("retryAfterMs"));
      default -> {}
    }
    events.accept(frame);
  }

  private static boolean worthRepeating(Throwable failure) {
    String why = String.valueOf(failure.getMessage());
    return !why.startsWith("{") || new JsonObject(why).getBoolean("retryable", false);
  }
}
