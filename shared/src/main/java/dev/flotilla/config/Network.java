package dev.flotilla.config;

import java.net.InetAddress;

/// A range of addresses, such as `169.254.0.0/16` or `fe80::/10`.
///
/// @param bits of the prefix that the addresses of the range have in common
public record Network(InetAddress prefix, int bits) {
  /// Throws IllegalArgumentException where the text is none.
  public static Network parse(String text) {
    int slash = text.indexOf('/');
    InetAddress prefix = InetAddress.ofLiteral(slash < 0 ? text : text.substring(0, slash));
    int most = prefix.getAddress().length * Byte.SIZE;
    int bits = slash < 0 ? most : Integer.parseInt(text.substring(slash + 1));
    if (bits < 0 || bits > most) {
      throw new IllegalArgumentException("there are no " + bits + " bits in " + prefix);
    }
    return new Network(prefix, bits);
  }

  public boolean contains(InetAddress address) {
    byte[] mine = prefix.getAddress();
    byte[] other = address.getAddress();
    if (mine.length != other.length) {
      return false;
    }
    for (int bit = 0; bit < bits; bit++) {
      int mask = 1 << (Byte.SIZE - 1 - bit % Byte.SIZE);
      if (((mine[bit / Byte.SIZE] ^ other[bit / Byte.SIZE]) & mask) != 0) {
        return false;
      }
    }
    return true;
  }
}
