package dev.flotilla.registry.routing;

import java.nio.charset.StandardCharsets;

/// Weighted rendezvous hashing over prepared hashes: a key prefers each choice as often as its
/// weight says, and a choice that comes or goes moves only the keys that it takes or had.
final class Ring {
  private static final long FNV_OFFSET = 0xcbf29ce484222325L;
  private static final long FNV_PRIME = 0x100000001b3L;
  private static final double TO_UNIT = 0x1.0p-53;

  private Ring() {}

  static long hash(String name) {
    long hash = FNV_OFFSET;
    for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ (b & 0xff)) * FNV_PRIME;
    }
    return mix(hash);
  }

  /// How far the choice is from the key: the nearest comes first.
  static double distance(long key, long choice, int weight) {
    double unit = ((mix(key + choice * FNV_PRIME) >>> 11) + 0.5) * TO_UNIT;
    return -log2(unit) / weight;
  }

  /// Within 0.008 and rising throughout, which is all that an order needs, at a tenth of the cost.
  private static double log2(double x) {
    long bits = Double.doubleToRawLongBits(x);
    double exponent = (bits >>> 52) - 1023.0;
    double fraction = (bits & 0xfffffffffffffL) * 0x1.0p-52;
    return exponent + fraction + 0.3466 * fraction * (1 - fraction);
  }

  /// FNV alone leaves similar names with similar hashes.
  private static long mix(long hash) {
    long h = hash;
    h = (h ^ (h >>> 33)) * 0xff51afd7ed558ccdL;
    h = (h ^ (h >>> 33)) * 0xc4ceb9fe1a85ec53L;
    return h ^ (h >>> 33);
  }
}
