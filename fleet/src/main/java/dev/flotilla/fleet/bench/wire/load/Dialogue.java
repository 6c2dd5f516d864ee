package dev.flotilla.fleet.bench.wire.load;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;

/// A WebSocket that is waited for: the upgrade and what has to be said before the measuring. Then
/// its socket and what came early go to a [Loop].
public final class Dialogue implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(15);
  private static final int INPUT_BYTES = 4096;
  private static final String END_OF_HEAD = "\r\n\r\n";

  private final NativeSocket socket;
  private final ClientFrames frames = new ClientFrames();
  private final ByteBuffer input = ByteBuffer.allocateDirect(INPUT_BYTES).flip();
  private final Queue<String> messages = new ArrayDeque<>();

  private Dialogue(NativeSocket socket) {
    this.socket = socket;
  }

  /// Connects and upgrades.
  public static Dialogue open(InetSocketAddress address, String path) throws IOException {
    Dialogue dialogue = new Dialogue(NativeSocket.connect(address, PATIENCE));
    try {
      dialogue.upgrade(address, path);
      return dialogue;
    } catch (IOException failure) {
      dialogue.close();
      throw failure;
    }
  }

  private void upgrade(InetSocketAddress address, String path) throws IOException {
    String request =
        """
        GET %s HTTP/1.1\r
        Host: %s:%d\r
        Upgrade: websocket\r
        Connection: Upgrade\r
        Sec-WebSocket-Version: 13\r
        Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
        \r
        """
            .formatted(path, address.getHostString(), address.getPort());
    byte[] bytes = request.getBytes(ISO_8859_1);
    socket.write(ByteBuffer.allocateDirect(bytes.length).put(bytes).flip());
    StringBuilder head = new StringBuilder();
    while (head.indexOf(END_OF_HEAD) < 0) {
      head.append((char) (next() & 0xff));
    }
    if (!head.toString().startsWith("HTTP/1.1 101 ")) {
      throw new IOException("no upgrade: " + head.toString().lines().findFirst().orElse(""));
    }
  }

  public void send(int opcode, String payload) throws IOException {
    socket.write(frames.frame(opcode, payload.getBytes(UTF_8)));
  }

  /// The payload of the next message of any kind that is not control.
  public String receive() throws IOException {
    while (messages.isEmpty()) {
      readFrame();
    }
    return messages.remove();
  }

  private void readFrame() throws IOException {
    int first = next();
    int length = next();
    if (length == 126) {
      length = (next() & 0xff) << 8 | (next() & 0xff);
    } else if (length < 0 || length == 127) {
      throw new IOException("a frame that no server of the bench sends here");
    }
    byte[] payload = new byte[length];
    for (int i = 0; i < length; i++) {
      payload[i] = next();
    }
    switch (first & 0x0f) {
      case Opcode.TEXT, Opcode.BINARY -> messages.add(new String(payload, UTF_8));
      case Opcode.PING -> send(Opcode.PONG, new String(payload, UTF_8));
      case Opcode.CLOSE -> throw new IOException("the server closed: " + reason(payload));
      default -> {}
    }
  }

  private static String reason(byte[] payload) {
    return payload.length < Short.BYTES
        ? "without a code"
        : ByteBuffer.wrap(payload).getShort()
            + " "
            + new String(payload, Short.BYTES, payload.length - Short.BYTES, UTF_8);
  }

  private byte next() throws IOException {
    if (!input.hasRemaining()) {
      int count = socket.read(MemorySegment.ofBuffer(input.clear()));
      if (count < 0) {
        throw new EOFException("the server ended the connection");
      }
      input.limit(count);
    }
    return input.get();
  }

  /// The socket, for somebody who does not wait.
  NativeSocket release() {
    if (!messages.isEmpty()) {
      throw new IllegalStateException("nobody has taken " + messages.peek());
    }
    return socket;
  }

  /// What has been read from the socket but not looked at yet.
  ByteBuffer early() {
    return input;
  }

  @Override
  public void close() {
    socket.close();
  }
}
