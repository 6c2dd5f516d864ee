package dev.flotilla.fleet.bench.wire.load;

import java.nio.ByteBuffer;
import java.util.Arrays;

/// Puts whole messages together, for who has to look into them.
public final class Messages implements FrameWalker.Payload {
  private static final int USUAL_BYTES = 1024;

  /// What is put together.
  public interface Sink {
    /// @param bytes only lent, and longer than the message
    void message(byte[] bytes, int length);
  }

  private final Sink sink;
  private byte[] bytes = new byte[USUAL_BYTES];
  private int length;

  public Messages(Sink sink) {
    this.sink = sink;
  }

  @Override
  public void take(ByteBuffer in, int count) {
    if (bytes.length - length < count) {
      bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + count));
    }
    in.get(bytes, length, count);
    length += count;
  }

  @Override
  public void end() {
    int whole = length;
    length = 0;
    sink.message(bytes, whole);
  }
}
