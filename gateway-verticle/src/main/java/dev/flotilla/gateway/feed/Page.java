package dev.flotilla.gateway.feed;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/// A piece of a tenant's log, in seq order.
///
/// @param upTo everything up to this seq is in it or has been removed by retention
public record Page(List<Post> posts, long upTo) {
  static final int MAX_POSTS = 200;

  /// A page ends early once its events weigh so much; it has one event at least.
  static final long MAX_BYTES = 8 << 20;

  /// What of the events fits.
  ///
  /// @param complete true where no other event up to `upTo` exists
  static Page of(Iterator<Post> events, boolean complete, long upTo) {
    List<Post> posts = new ArrayList<>();
    long bytes = 0;
    while (events.hasNext() && posts.size() < MAX_POSTS && bytes < MAX_BYTES) {
      Post post = events.next();
      posts.add(post);
      bytes += post.weight();
    }
    return new Page(posts, complete && !events.hasNext() ? upTo : posts.getLast().seq());
  }
}
