package dev.flotilla.fleet.access;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ClientWebSocket;
import io.vertx.core.http.WebSocketConnectOptions;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/// A socket of any dialect, and everything that was heard on it.
final class Socket {
  private static final int TRIES = 5;

  private final ClientWebSocket socket;
  private final List<String> heard = new CopyOnWriteArrayList<>();
  private volatile int closed;

  private Socket(ClientWebSocket socket) {
    this.socket = socket;
  }

  static Socket open(House house, int port, String path, String token) {
    return open(
        house,
        new WebSocketConnectOptions()
            .setHost("127.0.0.1")
            .setPort(port)
            .setURI(path)
            .putHeader("Authorization", "Bearer " + token));
  }

  static Socket open(House house, WebSocketConnectOptions to) {
    for (int tries = 1; ; tries++) {
      try {
        return connected(house, to);
      } catch (IllegalStateException closed) {
        // The client knows nothing of a socket whose close came together with the upgrade.
        if (tries == TRIES) {
          throw closed;
        }
      }
    }
  }

  private static Socket connected(House house, WebSocketConnectOptions to) {
    Socket opened = new Socket(house.sockets.webSocket());
    opened.socket.textMessageHandler(opened.heard::add);
    opened.socket.binaryMessageHandler(bytes -> opened.heard.add(bytes.toString("ISO-8859-1")));
    opened.socket.closeHandler(_ -> opened.closed = code(opened.socket));
    opened.socket.exceptionHandler(_ -> {});
    opened.socket.connect(to).timeout(House.PATIENCE.toMillis(), TimeUnit.MILLISECONDS).await();
    return opened;
  }

  private static int code(ClientWebSocket socket) {
    Short code = socket.closeStatusCode();
    return code == null ? 1006 : code;
  }

  void send(String text) {
    socket.writeTextMessage(text).await();
  }

  void send(byte[] bytes) {
    socket.writeBinaryMessage(Buffer.buffer(bytes)).await();
  }

  List<String> heard() {
    return heard;
  }

  void awaitHeard(String part) {
    House.await(() -> heard.stream().anyMatch(text -> text.contains(part)));
  }

  /// 0 while it is open.
  int closed() {
    return closed;
  }

  int awaitClosed() {
    House.await(() -> closed != 0);
    return closed;
  }

  void close() {
    socket.close();
  }
}
