package dev.flotilla.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RendezvousTest {
  private static final List<String> NODES = List.of("node-1", "node-2", "node-3");

  private static String best(String key, List<String> nodes) {
    return Rendezvous.rank(key, nodes, Function.identity()).getFirst();
  }

  @Test
  void theOrderInWhichChoicesAreKnownDoesNotMatter() {
    List<String> shuffled = new ArrayList<>(NODES);
    Collections.shuffle(shuffled, new Random(3));
    for (int i = 0; i < 100; i++) {
      assertThat(best("i-" + i, shuffled)).isEqualTo(best("i-" + i, NODES));
    }
  }

  @Test
  void aNodeThatGoesMovesOnlyWhatItOwned() {
    for (int i = 0; i < 1_000; i++) {
      String before = best("i-" + i, NODES);
      String after = best("i-" + i, List.of("node-1", "node-2"));
      if (!before.equals("node-3")) {
        assertThat(after).isEqualTo(before);
      }
    }
  }

  @Test
  void nodesOwnAboutTheSame() {
    Map<String, Integer> owned = new HashMap<>();
    IntStream.range(0, 3_000).forEach(i -> owned.merge(best("i-" + i, NODES), 1, Integer::sum));
    assertThat(owned.values()).allSatisfy(count -> assertThat(count).isBetween(850, 1_150));
  }

  /// Nodes of two versions must agree on who owns a link.
  @Test
  void theScoreIsTheSameForEver() {
    assertThat(Rendezvous.score("instance-a", "node-1")).isEqualTo(-781453186697318584L);
  }
}
