package dev.flotilla.fleet.bench.wire.load;

import java.nio.ByteBuffer;

/// Finds the records in what messages consist of. It looks at nothing but the digits of a record's
/// number.
public final class Records implements FrameWalker.Payload {
  /// What is found.
  public interface Sink {
    /// @param number of the message, as far as the record has one
    void record(int length, long number);
  }

  private final RecordShape shape;
  private final Sink sink;
  private boolean inLine;
  private int recordAt;
  private long number;

  public Records(RecordShape shape, Sink sink) {
    this.shape = shape;
    this.sink = sink;
  }

  @Override
  public void take(ByteBuffer in, int count) {
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

  @Override
  public void end() {
    if (shape.perMessage()) {
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
