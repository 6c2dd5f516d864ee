package dev.flotilla.fleet.bench.wire;

/// Which events of a closed loop are on their way: so many at the same time, and each of them until
/// the last subscriber has it.
final class Window {
  private static final int SLOTS = 1024;

  private final int width;
  private final int subscribers;
  private final long first;
  private final int[] arrived = new int[SLOTS];
  private long published;
  private long completed;
  private long deliveries;

  /// @param first the number of the first event that counts
  Window(int width, int subscribers, long first) {
    if (width > SLOTS) {
      throw new IllegalArgumentException("at most " + SLOTS + " in flight");
    }
    this.width = width;
    this.subscribers = subscribers;
    this.first = first;
  }

  /// How many events may be published now. The caller publishes them.
  int take() {
    int free = (int) (width - (published - completed));
    published += free;
    return free;
  }

  void delivered(long number) {
    if (number >= first) {
      deliveries++;
      int slot = (int) (number % SLOTS);
      if (++arrived[slot] == subscribers) {
        arrived[slot] = 0;
        completed++;
      }
    }
  }

  long deliveries() {
    return deliveries;
  }

  long completed() {
    return completed;
  }

  boolean idle() {
    return published == completed;
  }
}
