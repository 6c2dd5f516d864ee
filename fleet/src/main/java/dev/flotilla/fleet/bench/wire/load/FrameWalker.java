package dev.flotilla.fleet.bench.wire.load;

import java.nio.ByteBuffer;

/// Finds the records in what one WebSocket receives, in whatever pieces it arrives. It goes from
/// header to header, looks at no payload but the digits of a record's number, and allocates
/// nothing.
public final class FrameWalker {
  private static final int FINAL = 0x80;
  private static final int OPCODE = 0x0f;
  private static final int MASKED = 0x80;
  private static final int TWO_BYTES = 126;
  private static final int EIGHT_BYTES = 127;
  private static final int SHORTEST_HEADER = 2;
  private static final int LONGEST_HEADER = 10;
  private static final int LARGEST_CONTROL = 125;

  /// What is found.
  public interface Sink {
    /// @param number of the message, as far as the record has one
    void record(int length, long number);

    /// A ping, pong or close; the payload is only lent.
    void control(int opcode, ByteBuffer payload);
  }

  private final RecordShape shape;
  private final Sink sink;
  private final byte[] header = new byte[LONGEST_HEADER];
  private final ByteBuffer control = ByteBuffer.allocate(LARGEST_CONTROL);
  private int have;
  private boolean inPayload;
  private long left;
  private boolean inLine;
  private int recordAt;
  private long number;

  public FrameWalker(RecordShape shape, Sink sink) {
    this.shape = shape;
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
      records(in, step);
    }
    if (left == 0) {
      end();
    }
  }

  private void records(ByteBuffer in, int count) {
    if (shape.perMessage()) {
      piece(in, count);
      return;
    }
    int rest = count;
    while (rest > 0) {
      if (recordAt == 0 && (inLine || in.get(in.position()) != shape.first())) {
        inLine = in.get() != '\n';
        rest--;
      } else {
        int step = Math.min(rest, shape.length() - recordAt);
        piece(in, step);
        rest -= step;
        if (recordAt == shape.length()) {
          tell();
        }
      }
    }
  }

  private void piece(ByteBuffer in, int step) {
    digits(in, step);
    in.position(in.position() + step);
    recordAt += step;
  }

  private void digits(ByteBuffer in, int step) {
    int from = Math.max(shape.numberAt(), recordAt);
    int to = Math.min(shape.numberAt() + RecordShape.DIGITS, recordAt + step);
    for (int at = from; at < to; at++) {
      number = number * 10 + in.get(in.position() + at - recordAt) - '0';
    }
  }

  private void end() {
    inPayload = false;
    if (isControl()) {
      sink.control(header[0] & OPCODE, control.flip());
    } else if (shape.perMessage() && (header[0] & FINAL) != 0) {
      tell();
    }
  }

  private void tell() {
    int length = recordAt;
    long told = number;
    recordAt = 0;
    number = 0;
    sink.record(length, told);
  }
}
