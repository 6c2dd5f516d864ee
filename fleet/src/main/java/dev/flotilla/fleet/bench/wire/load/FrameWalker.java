package dev.flotilla.fleet.bench.wire.load;

import java.nio.ByteBuffer;

/// Takes apart what one WebSocket receives, in whatever pieces it arrives. It goes from header to
/// header, looks at no payload, and allocates nothing.
public final class FrameWalker {
  private static final int FINAL = 0x80;
  private static final int OPCODE = 0x0f;
  private static final int MASKED = 0x80;
  private static final int TWO_BYTES = 126;
  private static final int EIGHT_BYTES = 127;
  private static final int SHORTEST_HEADER = 2;
  private static final int LONGEST_HEADER = 10;
  private static final int LARGEST_CONTROL = 125;

  /// Takes what messages consist of.
  public interface Payload {
    /// Takes exactly so many bytes.
    void take(ByteBuffer in, int count);

    /// The message has ended.
    void end();
  }

  /// Takes control frames.
  public interface Control {
    /// A ping, pong or close; the payload is only lent.
    void control(int opcode, ByteBuffer payload);
  }

  private final Payload payload;
  private final Control sink;
  private final byte[] header = new byte[LONGEST_HEADER];
  private final ByteBuffer control = ByteBuffer.allocate(LARGEST_CONTROL);
  private int have;
  private boolean inPayload;
  private long left;

  public FrameWalker(Payload payload, Control sink) {
    this.payload = payload;
    this.sink = sink;
  }

  public void walk(ByteBuffer in) {
    while (in.hasRemaining()) {
      if (inPayload) {
        payload(in);
      } else {
        header[have++] = in.get();
        if (have == headerLength()) {
          begin();
        }
      }
    }
  }

  private int headerLength() {
    if (have < SHORTEST_HEADER) {
      return SHORTEST_HEADER;
    }
    return SHORTEST_HEADER + lengthBytes();
  }

  private int lengthBytes() {
    return switch (header[1]) {
      case TWO_BYTES -> Short.BYTES;
      case EIGHT_BYTES -> Long.BYTES;
      default -> 0;
    };
  }

  private void begin() {
    if ((header[1] & MASKED) != 0) {
      throw new IllegalStateException("a server must not mask its frames");
    }
    int bytes = lengthBytes();
    left = bytes == 0 ? header[1] : 0;
    for (int i = 0; i < bytes; i++) {
      left = (left << Byte.SIZE) | (header[SHORTEST_HEADER + i] & 0xff);
    }
    have = 0;
    inPayload = true;
    if (isControl()) {
      control.clear();
    }
    if (left == 0) {
      end();
    }
  }

  private boolean isControl() {
    return (header[0] & OPCODE) >= Opcode.CLOSE;
  }

  private void payload(ByteBuffer in) {
    int step = (int) Math.min(left, in.remaining());
    left -= step;
    if (isControl()) {
      control.put(control.position(), in, in.position(), step).position(control.position() + step);
      in.position(in.position() + step);
    } else {
      payload.take(in, step);
    }
    if (left == 0) {
      end();
    }
  }

  private void end() {
    inPayload = false;
    if (isControl()) {
      sink.control(header[0] & OPCODE, control.flip());
    } else if ((header[0] & FINAL) != 0) {
      payload.end();
    }
  }
}
