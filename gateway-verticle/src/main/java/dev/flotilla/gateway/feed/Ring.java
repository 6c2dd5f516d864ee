package dev.flotilla.gateway.feed;

import java.util.Arrays;
import java.util.Iterator;
import java.util.Objects;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/// The newest durable events of one tenant, without a hole between them.
final class Ring {
  private final @Nullable Post[] slots;
  private final long maxBytes;
  private long first = 1;
  private long last;
  private long bytes;

  /// @param size events at most
  /// @param maxBytes that they may weigh, but the newest event is always here
  Ring(int size, long maxBytes) {
    slots = new Post[size];
    this.maxBytes = maxBytes;
  }

  void add(Post post) {
    if (post.seq() != last + 1) {
      clear();
      first = post.seq();
    }
    last = post.seq();
    if (last - first >= slots.length) {
      dropOldest();
    }
    slots[slot(last)] = post;
    bytes += post.weight();
    while (bytes > maxBytes && first < last) {
      dropOldest();
    }
  }

  private void dropOldest() {
    int oldest = slot(first++);
    bytes -= Objects.requireNonNull(slots[oldest]).weight();
    slots[oldest] = null;
  }

  void clear() {
    Arrays.fill(slots, null);
    first = 1;
    last = 0;
    bytes = 0;
  }

  /// True where every event after that seq, up to the newest, is here.
  boolean covers(long after) {
    return last > 0 && after >= first - 1;
  }

  /// The events with `after < seq <= upTo`; it need not be walked to its end.
  Iterator<Post> read(long after, long upTo) {
    return LongStream.rangeClosed(after + 1, Math.min(upTo, last))
        .mapToObj(seq -> Objects.requireNonNull(slots[slot(seq)]))
        .iterator();
  }

  private int slot(long seq) {
    return (int) (seq % slots.length);
  }
}
