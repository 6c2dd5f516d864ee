package dev.flotilla.gateway.conformance;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/// Messages as RFC 7692 has them on the wire, made and read anew each time.
final class Zip {
  private static final byte[] TAIL = {0, 0, (byte) 0xff, (byte) 0xff};

  private Zip() {}

  static byte[] deflate(byte[] message) {
    try (Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, true)) {
      deflater.setInput(message);
      byte[] all = new byte[message.length + message.length / 1000 + 100];
      int length = deflater.deflate(all, 0, all.length, Deflater.SYNC_FLUSH);
      return Arrays.copyOf(all, length - TAIL.length);
    }
  }

  static byte[] inflate(byte[] compressed) {
    try (Inflater inflater = new Inflater(true)) {
      byte[] input = Arrays.copyOf(compressed, compressed.length + TAIL.length);
      System.arraycopy(TAIL, 0, input, compressed.length, TAIL.length);
      inflater.setInput(input);
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      byte[] piece = new byte[4096];
      for (int count = inflater.inflate(piece); count > 0; count = inflater.inflate(piece)) {
        out.write(piece, 0, count);
      }
      return out.toByteArray();
    } catch (DataFormatException bad) {
      throw new IllegalArgumentException(bad);
    }
  }

  static byte[] hex(String digits) {
    return HexFormat.of().parseHex(digits.replace(" ", ""));
  }
}
