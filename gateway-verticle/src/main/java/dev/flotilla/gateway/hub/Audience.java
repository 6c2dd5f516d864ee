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
import java.util.List;
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
      case Signal.Posts(var posts) -> deliver(posts);
      case Signal.Missed(Gap gap) -> {
        position = gap.position();
        streams.forEach(stream -> stream.missed(gap));
      }
    }
  }

  /// Several events of one topic go to one stream after the other, not one event to all streams
  /// after the other: what belongs to a session is fetched into the processor's cache once then.
  private void deliver(List<Post> posts) {
    for (int from = 0; from < posts.size(); ) {
      List<Topic> topics = posts.get(from).topics();
      int to = from + 1;
      while (to < posts.size() && posts.get(to).topics().equals(topics)) {
        to++;
      }
      deliver(posts.subList(from, to), topics);
      from = to;
    }
  }

  private void deliver(List<Post> alike, List<Topic> topics) {
    if (topics.size() == 1 && byPattern.isEmpty()) {
      Listeners wanting = byTopic.get(topics.getFirst());
      if (wanting != null) {
        for (Stream stream : wanting.inARow()) {
          for (Post post : alike) {
            stream.offer(post);
          }
        }
      }
    } else {
      alike.forEach(this::deliver);
    }
    for (Post post : alike) {
      if (post.durable() && position != null) {
        position = position.at(post.seq());
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
  }
}
