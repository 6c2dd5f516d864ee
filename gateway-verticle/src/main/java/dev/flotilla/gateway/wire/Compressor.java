package dev.flotilla.gateway.wire;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.Deflater;
import org.jspecify.annotations.Nullable;

/// Deflates the messages of one event loop's sockets, each without looking back at the one before:
/// so one compressed message is good for every socket, and no socket has a window of its own.
public final class Compressor implements AutoCloseable {
  private static final int SCRATCH = 16 * 1024;

  /// The empty block that a flush ends with is left out on the wire.
  private static final int TAIL = 4;

  private final int threshold;
  private final byte[] scratch = new byte[SCRATCH];
  private @Nullable Deflater deflater;

  /// @param threshold smaller messages are left alone, in bytes
  public Compressor(int threshold) {
    this.threshold = threshold;
  }

  boolean takes(int size) {
    return size >= threshold;
  }

  byte[] deflate(ByteBuffer payload) {
    Deflater used = deflater();
    ByteArrayOutputStream out = new ByteArrayOutputStream(payload.remaining() / 2 + 16);
    used.setInput(payload);
    int count;
    do {
      count = used.deflate(scratch, 0, scratch.length, Deflater.SYNC_FLUSH);
      out.write(scratch, 0, count);
    } while (count == scratch.length);
    byte[] all = out.toByteArray();
    return Arrays.copyOf(all, all.length - TAIL);
  }

  private Deflater deflater() {
    Deflater used = deflater;
    if (used == null) {
      used = new Deflater(Deflater.BEST_SPEED, true);
      deflater = used;
    }
    used.reset();
    return used;
  }

  @Override
  public void close() {
    if (deflater != null) {
      deflater.end();
      deflater = null;
    }
  }
}
