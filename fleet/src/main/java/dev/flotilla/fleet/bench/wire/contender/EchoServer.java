package dev.flotilla.fleet.bench.wire.contender;

import dev.flotilla.config.FleetConfig;
import dev.flotilla.fleet.Transports;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServerOptions;

/// A bare Vert.x server in a JVM of its own, with the transport and JVM options of a node: each
/// text goes back as it came. What a node does beyond this is its own work.
public final class EchoServer {
  private EchoServer() {}

  /// @param arguments the port
  public static void main(String[] arguments) {
    Vertx vertx =
        Vertx.builder()
            .with(
                new VertxOptions().setEventLoopPoolSize(Runtime.getRuntime().availableProcessors()))
            .withTransport(Transports.of(FleetConfig.Transport.AUTO))
            .build();
    vertx
        .createHttpServer(
            new HttpServerOptions()
                .setPerFrameWebSocketCompressionSupported(false)
                .setPerMessageWebSocketCompressionSupported(false))
        .webSocketHandler(socket -> socket.textMessageHandler(socket::writeTextMessage))
        .listen(Integer.parseInt(arguments[0]), "127.0.0.1")
        .await();
  }
}
