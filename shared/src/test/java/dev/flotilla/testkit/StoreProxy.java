package dev.flotilla.testkit;

import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import org.awaitility.Awaitility;

/// Stands between a node and a store, so that a test can take the store away and give it back.
public final class StoreProxy implements AutoCloseable {
  private final Vertx vertx = Vertx.vertx();
  private final NetClient client = vertx.createNetClient();
  private final Set<NetSocket> sockets = ConcurrentHashMap.newKeySet();
  private final int upstream;
  private final int port;
  private volatile boolean frozen;
  private volatile boolean muted;
  private NetServer server;

  public StoreProxy(int upstream) {
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
              join(near, far, () -> frozen);
              join(far, near, () -> frozen || muted);
              near.resume();
            })
        .onFailure(_ -> near.close());
  }

  private void join(NetSocket from, NetSocket to, BooleanSupplier lost) {
    from.handler(
        bytes -> {
          if (!lost.getAsBoolean()) {
            to.write(bytes);
          }
        });
    from.closeHandler(_ -> to.close());
  }

  public int port() {
    return port;
  }

  /// Connections break, and new ones are refused.
  public void cut() {
    server.close().await();
    sockets.forEach(NetSocket::close);
    sockets.clear();
  }

  /// Connections stay, and nothing comes through any more, also on new ones.
  public void freeze() {
    frozen = true;
  }

  /// What the node says comes through, and no answer does, also on new connections.
  public void mute() {
    muted = true;
  }

  public void restore() {
    frozen = false;
    muted = false;
    // The port may still be in use by a connection that is closing.
    Awaitility.await().ignoreExceptions().until(() -> (server = listen(port)) != null);
  }

  @Override
  public void close() {
    vertx.close().await();
  }
}
