package dev.flotilla.gateway.feed;

import dev.flotilla.contract.EventKind;
import dev.flotilla.contract.Fact;
import dev.flotilla.contract.Topic;
import dev.flotilla.gateway.wire.Encoded;
import dev.flotilla.gateway.wire.Encoding;
import dev.flotilla.gateway.wire.Frame;
import dev.flotilla.log.Event;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// An event on its way to clients, encoded at most once for each dialect that has a subscriber.
/// Equal to itself only.
public final class Post {
  private static final Logger LOG = LoggerFactory.getLogger(Post.class);
  private static final Encoded NOT_CARRIED = Frame.binary(new byte[0]);

  /// What an event weighs beside its payload, roughly.
  private static final int OVERHEAD = 200;

  private final Event event;
  private final String epoch;
  private @Nullable Fact fact;
  private final AtomicReferenceArray<@Nullable Encoded> frames =
      new AtomicReferenceArray<>(Encoding.SLOTS);

  /// @param epoch of the log that the event's seq belongs to
  public Post(Event event, String epoch) {
    this.event = event;
    this.epoch = epoch;
  }

  /// Null where the dialect does not carry the event, or cannot: one that a newer node has
  /// published must not keep the others from their sessions. Two loops may both be the first to
  /// ask; both encodings are the same, and one of them is kept.
  public @Nullable Encoded frame(Rendition rendition) {
    int slot = rendition.encoding().slot();
    Encoded known = frames.getPlain(slot);
    if (known == null) {
      Encoded made = render(rendition);
      known = made == null ? NOT_CARRIED : made;
      frames.set(slot, known);
    }
    return known == NOT_CARRIED ? null : known;
  }

  private @Nullable Encoded render(Rendition rendition) {
    try {
      return rendition.render(event, epoch);
    } catch (RuntimeException failure) {
      LOG.error("the {} dialect cannot show a {} event", rendition.encoding(), kind(), failure);
      return null;
    }
  }

  /// 0 where the event is ephemeral.
  public long seq() {
    Long seq = event.seq();
    return seq == null ? 0 : seq;
  }

  public boolean durable() {
    return event.seq() != null;
  }

  public EventKind kind() {
    return event.kind();
  }

  public List<Topic> topics() {
    return event.topics();
  }

  /// Of the log that the event's seq belongs to.
  public String epoch() {
    return epoch;
  }

  public Event event() {
    return event;
  }

  /// Ties it to log lines.
  public String traceId() {
    return event.traceId(epoch);
  }

  /// What happened, decoded at most once for those who look into it. Two loops may both be the
  /// first; facts are immutable and equal.
  public Fact fact() {
    Fact known = fact;
    if (known == null) {
      known = event.fact();
      fact = known;
    }
    return known;
  }

  /// What it costs to keep, in bytes, roughly.
  int weight() {
    return OVERHEAD + event.payload().text().length();
  }
}
