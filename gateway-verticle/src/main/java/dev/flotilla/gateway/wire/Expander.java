package dev.flotilla.gateway.wire;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/// Inflates the messages of one event loop's sockets, one after the other. No socket has a window
/// of its own: clients have agreed to begin each message anew.
public final class Expander implements AutoCloseable {
  private static final int SCRATCH = 16 * 1024;

  /// The end of every compressed message, which is left out on the wire; and a last block, empty: a
  /// message that was cut swallows it.
  private static final byte[] TAIL = {0, 0, (byte) 0xff, (byte) 0xff, 3, 0};

  /// @param bytes null where there are more than were to be kept
  /// @param size as far as it was counted
  public record Inflated(@Nullable ByteBuffer bytes, int size) {}

  private final byte[] scratch = new byte[SCRATCH];
  private @Nullable Inflater inflater;

  /// @param keep larger messages are counted only
  /// @param stop where it ends, whatever follows: nobody can make it do more work than that
  public Inflated inflate(byte[] message, int keep, int stop) throws DataFormatException {
    if (message.length == 0) {
      return new Inflated(ByteBuffer.allocate(0), 0);
    }
    Inflater used = inflater();
    ByteArrayOutputStream out = new ByteArrayOutputStream(Math.min(keep, message.length * 4 + 16));
    byte[] input = Arrays.copyOf(message, message.length + TAIL.length);
    System.arraycopy(TAIL, 0, input, message.length, TAIL.length);
    used.setInput(input);
    int size = 0;
    for (boolean whole = false; size <= stop && !whole; ) {
      int count = used.inflate(scratch);
      size += count;
      if (size <= keep) {
        out.write(scratch, 0, count);
      }
      int rest = used.getRemaining();
      if (used.finished()) {
        whole = rest == 0;
        // A block said to be the last one need not be: the tail, at least, follows it.
        used.reset();
        used.setInput(input, input.length - rest, rest);
      } else if (count == 0) {
        throw new DataFormatException("the end is missing");
      }
    }
    return new Inflated(size <= keep ? ByteBuffer.wrap(out.toByteArray()) : null, size);
  }

  private Inflater inflater() {
    Inflater used = inflater;
    if (used == null) {
      used = new Inflater(true);
      inflater = used;
    }
    used.reset();
    return used;
  }

  @Override
  public void close() {
    if (inflater != null) {
      inflater.end();
      inflater = null;
    }
  }
}
