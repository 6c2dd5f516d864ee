package dev.flotilla.registry.routing;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The best few of many candidates, kept in order: most of the others never enter.
final class Nearest {
  /// Farther than any distance is.
  private static final double GROUP = 64;

  record Choice(Place place, Standing standing) {}

  private final double[] keys;
  private final Choice[] kept;
  private int size;
  private int seen;

  Nearest(int limit) {
    this.keys = new double[limit];
    this.kept = new Choice[limit];
  }

  /// @param distance from the task's key
  void offer(Place place, Standing standing, double distance) {
    seen++;
    double key = standing.group() * GROUP + distance;
    if (size == keys.length) {
      if (key >= keys[size - 1]) {
        return;
      }
      size--;
    }
    int at = size;
    while (at > 0 && keys[at - 1] > key) {
      keys[at] = keys[at - 1];
      kept[at] = kept[at - 1];
      at--;
    }
    keys[at] = key;
    kept[at] = new Choice(place, standing);
    size++;
  }

  /// How many were offered.
  int seen() {
    return seen;
  }

  List<Choice> bestFirst() {
    return new ArrayList<>(Arrays.asList(kept).subList(0, size));
  }
}
