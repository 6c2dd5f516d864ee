package dev.flotilla.fleet.bench.wire.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.flotilla.testkit.Patience;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.ServerWebSocket;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/// The load client against a server that is not ours.
@EnabledOnOs(OS.LINUX)
class LoopIT {
  private static final Duration PATIENCE = Patience.LIMIT;
  private static final int LARGE = 8 << 20;

  private final Vertx vertx = Vertx.vertx();
  private final Queue<ServerWebSocket> sockets = new ConcurrentLinkedQueue<>();
  private final List<String> received = new ArrayList<>();
  private HttpServer server;
  private Loop loop;

  @BeforeEach
  void serve() throws IOException {
    loop = new Loop(false);
    server =
        vertx
            .createHttpServer(
                new HttpServerOptions()
                    .setMaxWebSocketFrameSize(2 * LARGE)
                    .setMaxWebSocketMessageSize(2 * LARGE))
            .webSocketHandler(
                socket -> {
                  sockets.add(socket);
                  socket.textMessageHandler(socket::writeTextMessage);
                })
            .listen(0, "127.0.0.1")
            .await();
  }

  @AfterEach
  void close() {
    loop.close();
    vertx.close().await();
  }

  private Dialogue open() throws IOException {
    return Dialogue.open(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), server.actualPort()), "/");
  }

  private Line line() throws IOException {
    return loop.add(
        open(),
        RecordShape.ANY_MESSAGE,
        (_, length, _) -> received.add("message of " + length + " bytes"));
  }

  private void until(BooleanSupplier condition) throws IOException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean() && System.nanoTime() - deadline < 0) {
      loop.turn(10);
    }
    assertThat(condition.getAsBoolean()).isTrue();
  }

  @Test
  void aDialogueIsAnsweredAndThenItsSocketIsALine() throws IOException {
    Dialogue dialogue = open();
    dialogue.send(Opcode.TEXT, "hello");
    assertThat(dialogue.receive()).isEqualTo("hello");
    Line line =
        loop.add(dialogue, RecordShape.ANY_MESSAGE, (_, length, _) -> received.add("" + length));
    line.send(new ClientFrames().frame(Opcode.TEXT, new byte[300]));
    until(() -> received.contains("300"));
  }

  @Test
  void whatTheKernelDoesNotTakeAtOnceGoesOutLater() throws IOException {
    line().send(new ClientFrames().frame(Opcode.TEXT, new byte[LARGE]));
    until(() -> received.contains("message of " + LARGE + " bytes"));
  }

  @Test
  void aPingIsAnsweredWithoutAnybodyNoticing() throws IOException {
    line();
    until(() -> !sockets.isEmpty());
    ServerWebSocket socket = sockets.remove();
    List<String> pongs = new ArrayList<>();
    socket.pongHandler(
        pong -> {
          synchronized (pongs) {
            pongs.add(pong.toString());
          }
        });
    socket.writePing(Buffer.buffer("are you there"));
    until(
        () -> {
          synchronized (pongs) {
            return pongs.contains("are you there");
          }
        });
    assertThat(received).isEmpty();
  }

  @Test
  void manyDoorsOpenAtTheSameTime() throws IOException {
    List<Dialogue> open = Doors.open(100, this::open);
    assertThat(open).hasSize(100);
    for (Dialogue dialogue : open) {
      loop.add(dialogue, RecordShape.ANY_MESSAGE, (_, _, _) -> {});
    }
    until(() -> sockets.size() == 100);
  }

  @Test
  void aServerThatEndsAConnectionIsAFailureWithItsCode() throws IOException {
    line();
    until(() -> !sockets.isEmpty());
    sockets.remove().close((short) 4408, "silent");
    assertThatThrownBy(() -> until(() -> false))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("4408");
  }

  @Test
  void nobodyListeningIsAFailure() {
    server.close().await();
    assertThatThrownBy(this::open).isInstanceOf(IOException.class).hasMessageContaining("errno");
  }

  @Test
  void framesOfSeveralKindsShareOneBuffer() throws IOException {
    ClientFrames frames = new ClientFrames();
    ByteBuffer both = ByteBuffer.allocateDirect(1024);
    frames.put(both, Opcode.TEXT, new byte[3]);
    frames.put(both, Opcode.PING, new byte[0]);
    frames.put(both, Opcode.TEXT, new byte[200]);
    line().send(both.flip());
    until(() -> received.equals(List.of("message of 3 bytes", "message of 200 bytes")));
  }
}
