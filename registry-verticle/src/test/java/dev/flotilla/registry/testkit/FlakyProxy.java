package dev.flotilla.registry.testkit;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/// A TCP proxy in front of one port of this machine, whose connections can be cut and refused: what
/// a network does to a link, without a word to either end.
public final class FlakyProxy implements AutoCloseable {
  private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
  private final List<NetSocket> sockets = new ArrayList<>();
  private final int target;
  private final NetServer server;
  private boolean refusing;
  private boolean frozen;

  private FlakyProxy(int target) {
    this.target = target;
    this.server = vertx.createNetServer().connectHandler(this::join);
  }

  public static FlakyProxy before(int port) {
    FlakyProxy proxy = new FlakyProxy(port);
    proxy.server.listen(0, "127.0.0.1").await();
    return proxy;
  }

  public int port() {
    return server.actualPort();
  }

  private void join(NetSocket near) {
    if (refusing) {
      near.close();
      return;
    }
    sockets.add(near);
    near.pause();
    vertx
        .createNetClient()
        .connect(target, "127.0.0.1")
        .onComplete(
            far -> {
              sockets.add(far);
              near.handler(bytes -> forward(far, bytes));
              far.handler(bytes -> forward(near, bytes));
              near.closeHandler(_ -> far.close());
              far.closeHandler(_ -> near.close());
              near.resume();
            },
            _ -> near.close());
  }

  private void forward(NetSocket to, Buffer bytes) {
    if (!frozen) {
      to.write(bytes);
    }
  }

  /// Cuts every connection; new ones come through.
  public void cut() {
    onLoop(
        () -> {
          List.copyOf(sockets).forEach(NetSocket::close);
          sockets.clear();
        });
  }

  /// Cuts every connection and lets no new one through, until [#restore].
  public void block() {
    onLoop(() -> refusing = true);
    cut();
  }

  /// Connections stay open, but nothing comes through any more, until [#restore].
  public void freeze() {
    onLoop(() -> frozen = true);
  }

  public void restore() {
    onLoop(
        () -> {
          refusing = false;
          frozen = false;
        });
  }

  private void onLoop(Runnable action) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    vertx.runOnContext(
        _ -> {
          try {
            action.run();
            done.complete(null);
          } catch (RuntimeException failure) {
            done.completeExceptionally(new CompletionException(failure));
          }
        });
    done.join();
  }

  @Override
  public void close() {
    vertx.close().await();
  }
}
