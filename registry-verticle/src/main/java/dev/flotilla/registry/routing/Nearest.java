package dev.flotilla.registry.routing;

import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/// The best few of many candidates, kept in a heap: most of the others never enter it.
final class Nearest {
  /// @param distance from the task's key
  record Choice(Place place, Standing standing, double distance) {}

  private static final Comparator<Choice> BEST_FIRST =
      Comparator.comparing(Choice::standing)
          .thenComparingDouble(Choice::distance)
          .thenComparing(choice -> choice.place().id().value());

  private final PriorityQueue<Choice> kept;
  private final int size;
  private int seen;

  Nearest(int size) {
    this.size = size;
    this.kept = new PriorityQueue<>(size + 1, BEST_FIRST.reversed());
  }

  void offer(Place place, Standing standing, double distance) {
    seen++;
    Choice worst = kept.size() < size ? null : kept.peek();
    if (worst == null) {
      kept.add(new Choice(place, standing, distance));
    } else if (isBefore(standing, distance, worst)) {
      kept.poll();
      kept.add(new Choice(place, standing, distance));
    }
  }

  private static boolean isBefore(Standing standing, double distance, Choice worst) {
    int order = standing.compareTo(worst.standing());
    return order < 0 || (order == 0 && distance < worst.distance());
  }

  /// How many were offered.
  int seen() {
    return seen;
  }

  List<Choice> bestFirst() {
    return kept.stream().sorted(BEST_FIRST).toList();
  }
}
