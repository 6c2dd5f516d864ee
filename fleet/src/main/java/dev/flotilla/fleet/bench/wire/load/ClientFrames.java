package dev.flotilla.fleet.bench.wire.load;

import java.nio.ByteBuffer;

/// Frames as a client has to send them: masked, each with a mask of its own.
public final class ClientFrames {
  public static final int LONGEST_HEADER = 14;

  private static final int FINAL = 0x80;
  private static final int MASKED = 0x80;
  private static final int ONE_BYTE_LENGTH = 125;
  private static final int TWO_BYTES = 126;
  private static final int EIGHT_BYTES = 127;
  private static final int MASK_BYTES = 4;

  private int mask = (int) System.nanoTime() | 1;

  /// Appends one frame.
  public void put(ByteBuffer out, int opcode, byte[] payload) {
    out.put((byte) (FINAL | opcode));
    if (payload.length <= ONE_BYTE_LENGTH) {
      out.put((byte) (MASKED | payload.length));
    } else if (payload.length <= 0xffff) {
      out.put((byte) (MASKED | TWO_BYTES)).putShort((short) payload.length);
    } else {
      out.put((byte) (MASKED | EIGHT_BYTES)).putLong(payload.length);
    }
    mask = mask * 1_664_525 + 1_013_904_223;
    out.putInt(mask);
    for (int i = 0; i < payload.length; i++) {
      int shift = (MASK_BYTES - 1 - i % MASK_BYTES) * Byte.SIZE;
      out.put((byte) (payload[i] ^ (mask >>> shift)));
    }
  }

  /// One frame in a buffer of its own, ready to be sent.
  public ByteBuffer frame(int opcode, byte[] payload) {
    ByteBuffer out = ByteBuffer.allocateDirect(LONGEST_HEADER + payload.length);
    put(out, opcode, payload);
    return out.flip();
  }
}
