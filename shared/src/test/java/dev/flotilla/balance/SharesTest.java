package dev.flotilla.balance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flotilla.balance.SessionsOrder.Move;
import dev.flotilla.identity.NodeId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SharesTest {
  private static final NodeId A = new NodeId("a");
  private static final NodeId B = new NodeId("b");
  private static final NodeId C = new NodeId("c");

  @Test
  void sessionsGoToWhoHasTheFewest() {
    assertThat(Shares.fill(Map.of(A, 2, B, 0), 4)).containsExactly(B, B, A, B);
    assertThat(Shares.fill(Map.of(), 4)).isEmpty();
  }

  @Test
  void sharesAreEvenAndWhatDoesNotDivideStaysWhereItIs() {
    assertThat(Shares.even(Map.of(A, 1, B, 9, C, 1))).isEqualTo(Map.of(A, 4, B, 4, C, 3));
    assertThat(Shares.even(Map.of(A, 0))).isEqualTo(Map.of(A, 0));
  }

  @Test
  void onlyTheSurplusMovesAndOnlyToNodesWithLess() {
    assertThat(Shares.moves(Map.of(A, 9, B, 3, C, 0), List.of(A, B, C), 1))
        .isEqualTo(Map.of(A, new SessionsOrder(List.of(new Move(B, 1), new Move(C, 4)))));
    assertThat(Shares.moves(Map.of(A, 2, B, 2, C, 1), List.of(A, B, C), 1)).isEmpty();
    assertThat(Shares.moves(Map.of(A, 5), List.of(A), 1)).isEmpty();
  }

  @Test
  void aPartOfTheSurplusMovesWhereOnlyThatIsWanted() {
    assertThat(Shares.moves(Map.of(A, 10, B, 0), List.of(A), 0.2))
        .isEqualTo(Map.of(A, new SessionsOrder(List.of(new Move(B, 1)))));
  }

  @Test
  void whoIsNotToGiveKeepsItsSurplus() {
    assertThat(Shares.moves(Map.of(A, 9, B, 6, C, 0), List.of(B), 1))
        .isEqualTo(Map.of(B, new SessionsOrder(List.of(new Move(C, 1)))));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void whateverTheCountsAreTheMovesMakeThemEven(long seed) {
    Random random = new Random(seed);
    for (int round = 0; round < 200; round++) {
      Map<NodeId, Integer> has = new HashMap<>();
      for (int i = 0; i <= random.nextInt(8); i++) {
        has.put(new NodeId("n" + i), random.nextInt(3) == 0 ? 0 : random.nextInt(500));
      }
      Map<NodeId, Integer> after = new HashMap<>(has);
      Shares.moves(has, new ArrayList<>(has.keySet()), 1)
          .forEach(
              (giver, order) ->
                  order
                      .moves()
                      .forEach(
                          move -> {
                            after.merge(giver, -move.sessions(), Integer::sum);
                            after.merge(move.to(), move.sessions(), Integer::sum);
                          }));
      assertThat(after.values().stream().mapToInt(i -> i).sum())
          .isEqualTo(has.values().stream().mapToInt(i -> i).sum());
      assertThat(Collections.max(after.values()) - Collections.min(after.values()))
          .as("%s -> %s", has, after)
          .isLessThanOrEqualTo(1);
    }
  }
}
