package dev.flotilla.config;

import java.net.InetAddress;

/// A range of addresses, such as `10.0.0.0/8`, `fd00::/8` or one address. No name is ever looked
/// up.
public record Cidr(InetAddress network, int bits) {

  /// @throws IllegalArgumentException where the text is none
  public static Cidr parse(String text) {
    int slash = text.indexOf('/');
    InetAddress network = InetAddress.ofLiteral(slash < 0 ? text : text.substring(0, slash));
    int most = network.getAddress().length * Byte.SIZE;
    int bits = slash < 0 ? most : Integer.parseInt(text.substring(slash + 1));
    if (bits < 0 || bits > most) {
      throw new IllegalArgumentException("a range of addresses has 0 to " + most + " bits");
    }
    return new Cidr(network, bits);
  }

  public boolean contains(InetAddress address) {
    byte[] own = network.getAddress();
    byte[] other = address.getAddress();
    if (own.length != other.length) {
      return false;
    }
    for (int bit = 0; bit < bits; bit++) {
      int mask = 0x80 >> bit % Byte.SIZE;
      if (((own[bit / Byte.SIZE] ^ other[bit / Byte.SIZE]) & mask) != 0) {
        return false;
      }
    }
    return true;
  }
}
