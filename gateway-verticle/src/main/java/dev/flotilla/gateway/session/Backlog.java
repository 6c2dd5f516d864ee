package dev.flotilla.gateway.session;

/// How many messages are in the buffers that a connection has not taken yet, oldest first.
final class Backlog {
  private static final int[] NOTHING = {};
  private static final int FEW = 8;

  private int[] counts = NOTHING;
  private int oldest;
  private int buffers;
  private int messages;

  void add(int count) {
    if (buffers == counts.length) {
      grow();
    }
    counts[(oldest + buffers) % counts.length] = count;
    buffers++;
    messages += count;
  }

  /// The connection has taken all buffers but so many.
  void settle(int left) {
    while (buffers > left) {
      messages -= counts[oldest];
      oldest = (oldest + 1) % counts.length;
      buffers--;
    }
    if (buffers == 0 && counts.length > FEW) {
      counts = NOTHING; // A hard time is over.
      oldest = 0;
    }
  }

  int messages() {
    return messages;
  }

  private void grow() {
    int[] more = new int[Math.max(FEW, counts.length * 2)];
    for (int i = 0; i < buffers; i++) {
      more[i] = counts[(oldest + i) % counts.length];
    }
    counts = more;
    oldest = 0;
  }
}
