package dev.flotilla.gateway.wire;

import io.netty.buffer.ByteBuf;

/// Checks text that comes in pieces, which may end in the middle of a character, as soon as they
/// come.
public final class Utf8 implements io.netty.util.ByteProcessor {
  private int missing;
  private int lowest;
  private int highest = 0xbf;

  /// False where the bytes so far begin no text.
  public boolean accepts(ByteBuf piece) {
    return piece.forEachByte(this) < 0;
  }

  @Override
  public boolean process(byte value) {
    int octet = value & 0xff;
    return missing == 0 ? first(octet) : next(octet);
  }

  private boolean first(int octet) {
    if (octet < 0x80) {
      return true;
    }
    // Shorter forms exist for what is below, halves of surrogate pairs and what Unicode does not
    // have are no characters.
    if (octet >= 0xc2 && octet <= 0xdf) {
      return expect(1, 0x80, 0xbf);
    }
    if (octet >= 0xe0 && octet <= 0xef) {
      return expect(2, octet == 0xe0 ? 0xa0 : 0x80, octet == 0xed ? 0x9f : 0xbf);
    }
    return octet >= 0xf0
        && octet <= 0xf4
        && expect(3, octet == 0xf0 ? 0x90 : 0x80, octet == 0xf4 ? 0x8f : 0xbf);
  }

  private boolean expect(int count, int from, int to) {
    missing = count;
    lowest = from;
    highest = to;
    return true;
  }

  private boolean next(int octet) {
    boolean good = octet >= lowest && octet <= highest;
    missing--;
    lowest = 0x80;
    highest = 0xbf;
    return good;
  }
}
