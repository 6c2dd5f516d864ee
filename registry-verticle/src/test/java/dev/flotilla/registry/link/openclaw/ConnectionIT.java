package dev.flotilla.registry.link.openclaw;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// An instance whose WebSocket is written by hand.
class ConnectionIT {
  private static final Pattern KEY = Pattern.compile("(?i)Sec-WebSocket-Key: (\\S+)");
  private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  private static final Buffer GOODBYE =
      Buffer.buffer(new byte[] {(byte) 0x88, 2, 0x03, (byte) 0xE8});

  private final Vertx vertx = Vertx.vertx();

  @AfterEach
  void stop() {
    vertx.close().await();
  }

  @Test
  void anInstanceThatSaysGoodbyeAndDoesNotHangUpIsHungUpOn() {
    Promise<NetSocket> instance = Promise.promise();
    Promise<Void> answered = Promise.promise();
    Promise<Void> gone = Promise.promise();
    NetServer server =
        vertx
            .createNetServer()
            .connectHandler(
                socket -> {
                  socket.closeHandler(_ -> gone.complete());
                  socket.handler(
                      head -> {
                        socket.handler(_ -> answered.tryComplete());
                        welcome(socket, head.toString());
                        instance.complete(socket);
                      });
                })
            .listen(0, "127.0.0.1")
            .await();
    WebSocketClient client = vertx.createWebSocketClient();
    WebSocket socket = client.connect(server.actualPort(), "127.0.0.1", "/").await();
    Connection connection = new Connection(vertx, socket, Duration.ofSeconds(10), new Deaf());
    instance.future().await().write(GOODBYE);
    await().until(answered.future()::isComplete);

    connection.close((short) 1000, "closed by the fleet").await();

    await().until(gone.future()::isComplete);
    client.close().await();
  }

  private static void welcome(NetSocket socket, String head) {
    Matcher key = KEY.matcher(head);
    if (!key.find()) {
      throw new AssertionError(head);
    }
    socket.write(
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Accept: "
            + proof(key.group(1))
            + "\r\n\r\n");
  }

  private static String proof(String key) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-1").digest((key + GUID).getBytes(StandardCharsets.UTF_8));
      return Base64.getEncoder().encodeToString(hash);
    } catch (NoSuchAlgorithmException missing) {
      throw new IllegalStateException(missing);
    }
  }

  private static final class Deaf implements Connection.Listener {
    @Override
    public void event(String name, JsonNode payload) {}

    @Override
    public void missed() {}
  }
}
