package dev.flotilla.command.work.item;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RankTest {

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void whateverIsPutWhereverTheOrderIsTheOneThatWasMeant(long seed) {
    Random random = new Random(seed);
    List<String> ranks = new ArrayList<>();
    for (int i = 0; i < 2_000; i++) {
      int place = place(random, ranks.size());
      String rank =
          Rank.between(
              place == 0 ? null : ranks.get(place - 1),
              place == ranks.size() ? null : ranks.get(place));
      ranks.add(place, rank);
    }
    assertThat(ranks).isSorted().doesNotHaveDuplicates();
    assertThat(ranks).allMatch(Rank::isRank);
    assertThat(ranks).noneMatch(rank -> rank.length() > 2 && isFractionWithZero(rank));
  }

  /// Mostly anywhere, often at the ends, sometimes again and again at the same place.
  private static int place(Random random, int size) {
    return switch (random.nextInt(4)) {
      case 0 -> 0;
      case 1 -> size;
      case 2 -> Math.min(size, 3);
      default -> random.nextInt(size + 1);
    };
  }

  /// Nothing could come between such a one and the same without its last digit.
  private static boolean isFractionWithZero(String rank) {
    char head = rank.charAt(0);
    int number = head >= 'a' ? head - 'a' + 2 : 'Z' - head + 2;
    return rank.length() > number && rank.endsWith("0");
  }

  @Test
  void ranksStayShortWhereThingsAreAppendedOrPutFirst() {
    String last = Rank.between(null, null);
    String first = last;
    for (int i = 0; i < 100_000; i++) {
      last = next(last, Rank.between(last, null));
      first = previous(first, Rank.between(null, first));
    }
    assertThat(last.length()).isLessThanOrEqualTo(5);
    assertThat(first.length()).isLessThanOrEqualTo(5);
  }

  @Test
  void nothingIsBetweenAThingAndItself() {
    assertThatThrownBy(() -> Rank.between("a1", "a1")).isInstanceOf(IllegalArgumentException.class);
  }

  private static String next(String before, String rank) {
    assertThat(rank.compareTo(before)).isPositive();
    return rank;
  }

  private static String previous(@Nullable String after, String rank) {
    if (after != null) {
      assertThat(rank.compareTo(after)).isNegative();
    }
    return rank;
  }
}
