package dev.flotilla.cluster;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;

/// Highest-random-weight hashing: everybody who knows the same choices ranks them alike for a key,
/// and a choice that comes or goes moves only the keys that it takes or had.
public final class Rendezvous {
  private static final long FNV_OFFSET = 0xcbf29ce484222325L;
  private static final long FNV_PRIME = 0x100000001b3L;

  private Rendezvous() {}

  /// The choices, best first.
  public static <T> List<T> rank(String key, Collection<T> choices, Function<T, String> name) {
    Comparator<T> byScore = Comparator.comparingLong(choice -> score(key, name.apply(choice)));
    return choices.stream().sorted(byScore.reversed().thenComparing(name)).toList();
  }

  /// The same number on every node and in every version: it decides who owns a link or
  /// publishes what a channel says.
  static long score(String key, String choice) {
    long hash = FNV_OFFSET;
    for (byte b : (key + '\0' + choice).getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ (b & 0xff)) * FNV_PRIME;
    }
    return mix(hash);
  }

  /// FNV alone leaves similar names with similar scores.
  private static long mix(long hash) {
    long h = hash;
    h = (h ^ (h >>> 33)) * 0xff51afd7ed558ccdL;
    h = (h ^ (h >>> 33)) * 0xc4ceb9fe1a85ec53L;
    return h ^ (h >>> 33);
  }
}
