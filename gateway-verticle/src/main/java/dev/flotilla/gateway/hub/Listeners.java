package dev.flotilla.gateway.hub;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The streams that want the same thing, in a row: walking along it is what a delivery does, far
/// more often than one of them comes or goes.
final class Listeners {
  private final List<Stream> row = new ArrayList<>();
  private final Map<Stream, Integer> places = new HashMap<>();

  void add(Stream stream) {
    if (places.putIfAbsent(stream, row.size()) == null) {
      row.add(stream);
    }
  }

  /// The last one takes its place. Not while somebody walks along the row.
  void remove(Stream stream) {
    Integer place = places.remove(stream);
    if (place != null) {
      Stream last = row.removeLast();
      if (place < row.size()) {
        row.set(place, last);
        places.put(last, place);
      }
    }
  }

  boolean isEmpty() {
    return row.isEmpty();
  }

  List<Stream> inARow() {
    return row;
  }
}
