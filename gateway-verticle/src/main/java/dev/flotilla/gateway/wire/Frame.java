package dev.flotilla.gateway.wire;

import dev.flotilla.wire.Json;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;

/// A message with its WebSocket header before it: encoded once, written to any number of sockets.
public final class Frame implements Encoded {
  private static final byte FINAL_TEXT = (byte) 0x81;
  private static final byte FINAL_BINARY = (byte) 0x82;
  private static final int ONE_BYTE_LENGTH = 125;
  private static final byte TWO_BYTES = 126;
  private static final byte EIGHT_BYTES = 127;
  private static final int LONGEST_HEADER = 10;

  private final ByteBuf bytes;

  private Frame(byte firstByte, byte[] payload) {
    ByteBuffer frame = ByteBuffer.allocate(LONGEST_HEADER + payload.length).put(firstByte);
    if (payload.length <= ONE_BYTE_LENGTH) {
      frame.put((byte) payload.length);
    } else if (payload.length <= 0xffff) {
      frame.put(TWO_BYTES).putShort((short) payload.length);
    } else {
      frame.put(EIGHT_BYTES).putLong(payload.length);
    }
    bytes = Unpooled.unreleasableBuffer(Unpooled.wrappedBuffer(frame.put(payload).flip()));
  }

  private Frame(ByteBuf bytes) {
    this.bytes = bytes;
  }

  /// @param value what Jackson writes as one JSON text
  public static Frame text(Object value) {
    return new Frame(FINAL_TEXT, Json.bytes(value));
  }

  public static Frame binary(byte[] payload) {
    return new Frame(FINAL_BINARY, payload);
  }

  @Override
  public Frame shared() {
    ByteBuffer direct = ByteBuffer.allocateDirect(size());
    bytes.duplicate().readBytes(direct);
    return new Frame(Unpooled.unreleasableBuffer(Unpooled.wrappedBuffer(direct.flip())));
  }

  /// Bytes on the wire, header included.
  @Override
  public int size() {
    return bytes.writerIndex();
  }

  @Override
  public ByteBuf buffer() {
    return bytes.duplicate();
  }
}
