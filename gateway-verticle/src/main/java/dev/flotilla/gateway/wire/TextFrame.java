package dev.flotilla.gateway.wire;

import dev.flotilla.wire.Json;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;

/// A JSON text with its WebSocket header before it: encoded once, written to any number of sockets.
public final class TextFrame {
  private static final byte FINAL_TEXT = (byte) 0x81;
  private static final int ONE_BYTE_LENGTH = 125;
  private static final byte TWO_BYTES = 126;
  private static final byte EIGHT_BYTES = 127;

  private final byte[] bytes;

  private TextFrame(byte[] bytes) {
    this.bytes = bytes;
  }

  public static TextFrame of(Object value) {
    byte[] json = Json.bytes(value);
    ByteBuffer frame = ByteBuffer.allocate(10 + json.length).put(FINAL_TEXT);
    if (json.length <= ONE_BYTE_LENGTH) {
      frame.put((byte) json.length);
    } else if (json.length <= 0xffff) {
      frame.put(TWO_BYTES).putShort((short) json.length);
    } else {
      frame.put(EIGHT_BYTES).putLong(json.length);
    }
    byte[] bytes = new byte[frame.position() + json.length];
    frame.put(json).flip().get(bytes);
    return new TextFrame(bytes);
  }

  public int size() {
    return bytes.length;
  }

  /// A view of its own for each write; the bytes are the same.
  public ByteBuf buffer() {
    return Unpooled.wrappedBuffer(bytes);
  }
}
