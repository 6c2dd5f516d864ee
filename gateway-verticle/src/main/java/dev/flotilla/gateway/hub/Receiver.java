package dev.flotilla.gateway.hub;

import dev.flotilla.contract.TopicPattern;
import dev.flotilla.gateway.feed.Gap;
import dev.flotilla.gateway.feed.Post;
import java.util.Set;

/// A session as the hub sees it. None of these may throw, and none may join or leave the hub.
public interface Receiver {
  void durable(Post post);

  void ephemeral(Post post);

  void missed(Gap gap);

  /// Patterns have matched more topics than they may; they are gone.
  void tooWide(Set<TopicPattern> dropped);

  /// A delivery has failed by a bug: what follows must not be taken for complete.
  void broken(RuntimeException bug);

  /// True where so much waits for the socket that catching up should pause.
  boolean backedUp();

  /// Runs the action once when the socket has caught up.
  void whenDrained(Runnable action);
}
