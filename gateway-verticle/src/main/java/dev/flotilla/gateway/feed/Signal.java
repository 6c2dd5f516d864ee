package dev.flotilla.gateway.feed;

import java.util.List;

/// What a feed tells its listeners, in order.
public sealed interface Signal {

  /// The feed's start is known: everything after it will be told.
  record Opened(Position position) implements Signal {}

  /// Events, the durable ones in seq order.
  record Posts(List<Post> posts) implements Signal {}

  /// Events that the feed itself could not get any more.
  record Missed(Gap gap) implements Signal {}
}
