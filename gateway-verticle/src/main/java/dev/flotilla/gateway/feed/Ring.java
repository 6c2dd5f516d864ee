package dev.flotilla.gateway.feed;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The newest durable events of one tenant, without a hole between them.
final class Ring {
  private final @Nullable Post[] slots;
  private long first = 1;
  private long last;

  Ring(int size) {
    slots = new Post[size];
  }

  void add(Post post) {
    if (post.seq() != last + 1) {
      clear();
      first = post.seq();
    }
    last = post.seq();
    slots[slot(last)] = post;
    first = Math.max(first, last - slots.length + 1);
  }

  void clear() {
    Arrays.fill(slots, null);
    first = 1;
    last = 0;
  }

  /// True where every event after that seq, up to the newest, is here.
  boolean covers(long after) {
    return last > 0 && after >= first - 1;
  }

  List<Post> read(long after, long upTo, int limit) {
    long end = Math.min(Math.min(upTo, last), after + limit);
    List<Post> posts = new ArrayList<>();
    for (long seq = after + 1; seq <= end; seq++) {
      posts.add(Objects.requireNonNull(slots[slot(seq)]));
    }
    return posts;
  }

  private int slot(long seq) {
    return (int) (seq % slots.length);
  }
}
