package dev.flotilla.gateway.wire;

import dev.flotilla.wire.Json;
import io.netty.buffer.ByteBuf;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// One block of an event stream (`text/event-stream`). It has no header: the response that it is
/// written to ends with its connection.
public final class StreamBlock implements Encoded {
  private static final byte[] END = {'\n'};

  private final byte[] bytes;

  private StreamBlock(byte[] bytes) {
    this.bytes = bytes;
  }

  /// An event of the browser's `EventSource`.
  ///
  /// @param id where the client is once it has had it; null leaves it where it was
  /// @param value what Jackson writes as one JSON text
  public static StreamBlock event(@Nullable String id, String name, Object value) {
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    if (id != null) {
      line(block, "id: " + id);
    }
    line(block, "event: " + name);
    block.writeBytes("data: ".getBytes(StandardCharsets.US_ASCII));
    block.writeBytes(oneLine(Json.bytes(value)));
    block.writeBytes(END);
    return ended(block);
  }

  /// Moves the client's position on without an event.
  public static StreamBlock position(String id) {
    return lines("id: " + id);
  }

  /// @param ms how long the client waits before it connects again
  public static StreamBlock retry(long ms) {
    return lines("retry: " + ms);
  }

  /// What clients skip.
  public static StreamBlock comment(String text) {
    return lines(": " + text);
  }

  @Override
  public int size() {
    return bytes.length;
  }

  @Override
  public void writeTo(ByteBuf out) {
    out.writeBytes(bytes);
  }

  private static StreamBlock lines(String line) {
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    line(block, line);
    return ended(block);
  }

  private static void line(ByteArrayOutputStream block, String line) {
    block.writeBytes(line.getBytes(StandardCharsets.UTF_8));
    block.writeBytes(END);
  }

  private static StreamBlock ended(ByteArrayOutputStream block) {
    block.writeBytes(END);
    return new StreamBlock(block.toByteArray());
  }

  /// Line ends of a JSON text lie between its tokens, never inside a string.
  private static byte[] oneLine(byte[] json) {
    for (int i = 0; i < json.length; i++) {
      if (json[i] == '\n' || json[i] == '\r') {
        json[i] = ' ';
      }
    }
    return json;
  }
}
