package dev.flotilla.gateway.hub;

import dev.flotilla.contract.Topic;
import dev.flotilla.contract.TopicPattern;
import dev.flotilla.gateway.feed.Gap;
import dev.flotilla.gateway.feed.Position;
import dev.flotilla.gateway.feed.Post;
import dev.flotilla.gateway.feed.Signal;
import dev.flotilla.identity.TenantId;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The sessions of one tenant on one event loop, by topic, and how far this loop has come in the
/// tenant's log.
final class Audience {
  private final TenantId tenant;
  private final Set<Stream> streams = new HashSet<>();
  private final Map<Topic, Listeners> byTopic = new HashMap<>();
  private final Map<TopicPattern, Listeners> byPattern = new HashMap<>();
  private final Promise<Position> opened = Promise.promise();
  private @Nullable Position position;

  Audience(TenantId tenant) {
    this.tenant = tenant;
  }

  TenantId tenant() {
    return tenant;
  }

  /// Null until the feed has read the log's head for the first time.
  @Nullable Position position() {
    return position;
  }

  Future<Position> opened() {
    return opened.future();
  }

  void join(Stream stream) {
    streams.add(stream);
  }

  void leave(Stream stream) {
    streams.remove(stream);
    stream.topics().forEach(topic -> drop(topic, stream));
    stream.patterns().forEach(pattern -> drop(pattern, stream));
  }

  boolean isEmpty() {
    return streams.isEmpty();
  }

  void want(Topic topic, Stream stream) {
    byTopic.computeIfAbsent(topic, _ -> new Listeners()).add(stream);
  }

  void want(TopicPattern pattern, Stream stream) {
    byPattern.computeIfAbsent(pattern, _ -> new Listeners()).add(stream);
  }

  void drop(Topic topic, Stream stream) {
    drop(byTopic, topic, stream);
  }

  void drop(TopicPattern pattern, Stream stream) {
    drop(byPattern, pattern, stream);
  }

  private static <K> void drop(Map<K, Listeners> wanted, K key, Stream stream) {
    Listeners wanting = wanted.get(key);
    if (wanting != null) {
      wanting.remove(stream);
      if (wanting.isEmpty()) {
        wanted.remove(key);
      }
    }
  }

  void hear(Signal signal) {
    switch (signal) {
      case Signal.Opened(Position start) -> {
        position = start;
        opened.tryComplete(start);
      }
      case Signal.Posts(var posts) -> posts.forEach(this::deliver);
      case Signal.Missed(Gap gap) -> {
        position = gap.position();
        streams.forEach(stream -> stream.missed(gap));
      }
    }
  }

  private void deliver(Post post) {
    for (Topic topic : post.topics()) {
      Listeners wanting = byTopic.get(topic);
      if (wanting != null) {
        for (Stream stream : wanting.inARow()) {
          stream.offer(post);
        }
      }
      byPattern.forEach(
          (pattern, listeners) -> {
            if (pattern.matches(topic)) {
              listeners.inARow().forEach(stream -> stream.offer(post, topic));
            }
          });
    }
    if (post.durable() && position != null) {
      position = position.at(post.seq());
    }
  }
}
