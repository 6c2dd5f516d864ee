package dev.flotilla.gateway.wire;

import dev.flotilla.wire.Json;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A message with its WebSocket header before it: encoded once, written to any number of sockets.
public final class Frame implements Encoded {
  private static final int FINAL = 0x80;
  private static final int COMPRESSED = 0x40;
  private static final int TEXT = 0x1;
  private static final int BINARY = 0x2;
  private static final int CLOSE = 0x8;
  private static final int PONG = 0xa;
  private static final int ONE_BYTE_LENGTH = 125;
  private static final byte TWO_BYTES = 126;
  private static final byte EIGHT_BYTES = 127;
  private static final int SHORTEST_HEADER = 2;
  private static final int LONGEST_HEADER = 10;
  private static final int LONGEST_CLOSE_REASON = 123;

  private final byte[] bytes;

  /// The same message, compressed, once it was asked for. Loops may race for it: each would make
  /// the same, and one is kept.
  private @Nullable Frame compressed;

  private Frame(byte[] bytes) {
    this.bytes = bytes;
  }

  /// @param value what Jackson writes as one JSON text
  public static Frame text(Object value) {
    return of(FINAL | TEXT, Json.bytes(value));
  }

  /// @param text as it is, JSON or not
  public static Frame ofText(String text) {
    return of(FINAL | TEXT, text.getBytes(StandardCharsets.UTF_8));
  }

  public static Frame binary(byte[] payload) {
    return of(FINAL | BINARY, payload);
  }

  /// @param payload of the ping that it answers
  public static Frame pong(byte[] payload) {
    return of(FINAL | PONG, payload);
  }

  /// @param reason cut where it is too long
  public static Frame close(int code, String reason) {
    ByteBuffer text = StandardCharsets.UTF_8.encode(reason);
    text.limit(Math.min(text.limit(), LONGEST_CLOSE_REASON));
    ByteBuffer payload = ByteBuffer.allocate(Short.BYTES + text.limit());
    return of(FINAL | CLOSE, payload.putShort((short) code).put(text).array());
  }

  private static Frame of(int firstByte, byte[] payload) {
    ByteBuffer frame = ByteBuffer.allocate(LONGEST_HEADER + payload.length).put((byte) firstByte);
    if (payload.length <= ONE_BYTE_LENGTH) {
      frame.put((byte) payload.length);
    } else if (payload.length <= 0xffff) {
      frame.put(TWO_BYTES).putShort((short) payload.length);
    } else {
      frame.put(EIGHT_BYTES).putLong(payload.length);
    }
    frame.put(payload).flip();
    return new Frame(Arrays.copyOf(frame.array(), frame.limit()));
  }

  /// The same message compressed, or as it is where that is not worth it. Made once, however many
  /// sockets ask.
  ///
  /// @param terms of the socket
  public Frame compressed(Compressor compressor, DeflateTerms terms) {
    int length = size() - headerLength();
    if (!compressor.takes(length) || length > terms.longest()) {
      return this;
    }
    Frame known = compressed;
    if (known == null) {
      known = compress(compressor);
      compressed = known;
    }
    return known;
  }

  private Frame compress(Compressor compressor) {
    int header = headerLength();
    byte[] payload = compressor.deflate(ByteBuffer.wrap(bytes, header, size() - header));
    return payload.length >= size() - header ? this : of(bytes[0] | COMPRESSED, payload);
  }

  private int headerLength() {
    return switch (bytes[1]) {
      case TWO_BYTES -> SHORTEST_HEADER + Short.BYTES;
      case EIGHT_BYTES -> LONGEST_HEADER;
      default -> SHORTEST_HEADER;
    };
  }

  /// Bytes on the wire, header included.
  @Override
  public int size() {
    return bytes.length;
  }

  @Override
  public void writeTo(ByteBuf out) {
    out.writeBytes(bytes);
  }
}
