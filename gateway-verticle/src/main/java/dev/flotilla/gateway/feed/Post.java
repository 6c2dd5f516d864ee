package dev.flotilla.gateway.feed;

import dev.flotilla.contract.Topic;
import dev.flotilla.gateway.wire.TextFrame;
import dev.flotilla.log.Event;
import java.util.List;

/// An event on its way to sockets, already encoded. Equal to itself only.
public final class Post {
  /// Encodes events, each once per node.
  @FunctionalInterface
  public interface Encoder {
    /// @param epoch of the log that the event's seq belongs to
    TextFrame encode(Event event, String epoch);

    default Post post(Event event, String epoch) {
      Long seq = event.seq();
      return new Post(seq == null ? 0 : seq, event.topics(), encode(event, epoch));
    }
  }

  private final long seq;
  private final List<Topic> topics;
  private final TextFrame frame;

  /// @param seq 0 where the event is ephemeral
  Post(long seq, List<Topic> topics, TextFrame frame) {
    this.seq = seq;
    this.topics = topics;
    this.frame = frame;
  }

  public long seq() {
    return seq;
  }

  public boolean durable() {
    return seq > 0;
  }

  public List<Topic> topics() {
    return topics;
  }

  public TextFrame frame() {
    return frame;
  }
}
