package dev.flotilla.command;

import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Stands between a node and a store, so that a test can take the store away and give it back.
final class StoreProxy implements AutoCloseable {
  private final Vertx vertx = Vertx.vertx();
  private final NetClient client = vertx.createNetClient();
  private final Set<NetSocket> sockets = ConcurrentHashMap.newKeySet();
  private final int upstream;
  private final int port;
  private NetServer server;

  StoreProxy(int upstream) {
    this.upstream = upstream;
    this.server = listen(0);
    this.port = server.actualPort();
  }

  private NetServer listen(int wanted) {
    return vertx.createNetServer().connectHandler(this::join).listen(wanted, "127.0.0.1").await();
  }

  private void join(NetSocket near) {
    near.pause();
    sockets.add(near);
    client
        .connect(upstream, "127.0.0.1")
        .onSuccess(
            far -> {
              sockets.add(far);
              near.pipeTo(far);
              far.pipeTo(near);
            })
        .onFailure(_ -> near.close());
  }

  int port() {
    return port;
  }

  /// Connections break, and new ones are refused.
  void cut() {
    server.close().await();
    sockets.forEach(NetSocket::close);
    sockets.clear();
  }

  /// Connections stay, and nothing comes through any more.
  void freeze() {
    sockets.forEach(NetSocket::pause);
  }

  void restore() {
    server = listen(port);
  }

  @Override
  public void close() {
    vertx.close().await();
  }
}
