package dev.flotilla.registry.link.openclaw;

import com.fasterxml.jackson.databind.JsonNode;
import dev.flotilla.egress.Egress;
import dev.flotilla.registry.link.ConnectOutcome;
import io.netty.channel.ConnectTimeoutException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.UpgradeRejectedException;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.net.SocketAddress;
import java.net.ConnectException;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Makes connections to one instance: WebSocket upgrade, challenge, `connect`, hello.
final class Dialer {
  /// The gateway sends up to 25 MiB.
  private static final int MAX_BYTES = 32 * 1024 * 1024;

  private final Vertx vertx;
  private final Egress egress;
  private final WebSocketClient client;
  private final URI url;
  private final ConnectRequest request;
  private final Duration timeout;

  /// A connection that the instance has let in.
  record Line(Connection connection, Hello hello) {}

  Dialer(Vertx vertx, Egress egress, URI url, ConnectRequest request, Duration timeout) {
    this.vertx = vertx;
    this.egress = egress;
    this.url = url;
    this.request = request;
    this.timeout = timeout;
    this.client =
        vertx.createWebSocketClient(
            new WebSocketClientOptions()
                .setMaxFrameSize(MAX_BYTES)
                .setMaxMessageSize(MAX_BYTES)
                .setConnectTimeout((int) timeout.toMillis())
                .setClosingTimeout(2)
                .setTryUsePerMessageCompression(false)
                .setTryUsePerFrameCompression(false));
  }

  /// @param onEvent hears every event once the instance has let the fleet in
  /// @param onClose hears the close, code and reason, of whatever connection came about
  Future<Line> dial(Connection.Listener onEvent, BiConsumer<Connection, RpcFailure> onClose) {
    return Future.succeededFuture(url)
        .compose(this::connect)
        .compose(socket -> handshake(socket, onEvent, onClose));
  }

  private Future<WebSocket> connect(URI url) {
    return egress
        .find(vertx, url)
        .timeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
        .compose(address -> client.connect(to(url, address)).recover(silence()));
  }

  /// A host takes connections for a program that hangs; whoever then waits in vain is cut off
  /// without a word of why.
  private Function<Throwable, Future<WebSocket>> silence() {
    long begin = System.nanoTime();
    return failure -> {
      boolean late = System.nanoTime() - begin >= timeout.toNanos();
      boolean taken =
          !(failure instanceof ConnectException) && !(failure instanceof UpgradeRejectedException);
      return Future.failedFuture(
          late && taken
              ? new RpcFailure(
                  RpcFailure.SILENT,
                  "",
                  "it takes connections, but has not answered for %d s: it hangs"
                      .formatted(timeout.toSeconds()))
              : failure);
    };
  }

  private WebSocketConnectOptions to(URI url, SocketAddress address) {
    WebSocketConnectOptions options = new WebSocketConnectOptions();
    options
        .setAbsoluteURI(url.toString())
        // With an Origin the gateway takes the fleet for a browser and grants it nothing.
        .setAllowOriginHeader(false)
        .setTimeout(timeout.toMillis());
    options.setServer(address);
    return options;
  }

  private Future<Line> handshake(
      WebSocket socket, Connection.Listener onEvent, BiConsumer<Connection, RpcFailure> onClose) {
    Promise<Line> done = Promise.promise();
    Greeting greeting = new Greeting(done, onEvent);
    Connection connection = new Connection(vertx, socket, timeout, greeting);
    greeting.connection = connection;
    socket.closeHandler(
        _ -> {
          RpcFailure why = new RpcFailure(closeCode(socket), "", closeWords(socket));
          connection.lose();
          done.tryFail(why);
          onClose.accept(connection, why);
        });
    long timer =
        vertx.setTimer(
            timeout.toMillis(),
            _ ->
                done.tryFail(
                    new RpcFailure(
                        RpcFailure.SILENT, "", "it takes connections, but does not say hello")));
    return done.future()
        .onComplete(_ -> vertx.cancelTimer(timer))
        .onFailure(_ -> connection.close((short) 1000, "handshake failed"));
  }

  /// Answers the challenge; everything after the hello goes to the link.
  private final class Greeting implements Connection.Listener {
    private final Promise<Line> done;
    private final Connection.Listener next;
    private @Nullable Connection connection;

    Greeting(Promise<Line> done, Connection.Listener next) {
      this.done = done;
      this.next = next;
    }

    @Override
    public void event(String name, JsonNode payload) {
      Connection up = connection;
      if (name.equals("connect.challenge") && up != null) {
        up.request("connect", request.params(payload))
            .onComplete(answer -> welcome(up, Hello.of(answer)), done::tryFail);
      } else if (done.future().succeeded()) {
        next.event(name, payload);
      }
    }

    private void welcome(Connection up, Hello hello) {
      up.limit(hello.maxPayload());
      done.tryComplete(new Line(up, hello));
    }

    @Override
    public void missed() {
      if (done.future().succeeded()) {
        next.missed();
      }
    }
  }

  /// What stopped a try to connect before the instance itself was asked.
  static ConnectOutcome outcome(Throwable failure) {
    return switch (failure) {
      // Too many sockets wait there, or it is about to stop.
      case UpgradeRejectedException rejected when rejected.getStatus() == 503 ->
          ConnectOutcome.NOT_YET;
      case UpgradeRejectedException rejected
          when rejected.getStatus() >= 400 && rejected.getStatus() < 500 ->
          ConnectOutcome.REFUSED;
      default -> ConnectOutcome.UNREACHABLE;
    };
  }

  private static String closeCode(WebSocket socket) {
    Short code = socket.closeStatusCode();
    return code == null ? "1006" : code.toString();
  }

  private static String closeWords(WebSocket socket) {
    String reason = socket.closeReason();
    String words = "the connection closed with code " + closeCode(socket);
    return reason == null || reason.isEmpty() ? words : words + " (" + CleanText.of(reason) + ")";
  }

  /// What stopped a try to connect, in words for the operator.
  static String inWords(Throwable failure) {
    return switch (failure) {
      case RpcFailure refused -> refused.inWords();
      case UpgradeRejectedException rejected -> "it answers HTTP " + rejected.getStatus();
      case ConnectTimeoutException _ -> "its host does not answer";
      case ConnectException _ -> "nobody listens there";
      case UnknownHostException _ -> "its host name is unknown";
      case TimeoutException _ -> "it has not answered in time";
      default -> {
        String message = failure.getMessage();
        yield message == null
            ? failure.getClass().getSimpleName().toLowerCase(Locale.ROOT)
            : message;
      }
    };
  }

  Future<Void> close() {
    return client.close();
  }
}
