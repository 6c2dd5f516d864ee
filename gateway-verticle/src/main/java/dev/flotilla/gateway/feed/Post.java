package dev.flotilla.gateway.feed;

import dev.flotilla.contract.EventKind;
import dev.flotilla.contract.Fact;
import dev.flotilla.contract.Topic;
import dev.flotilla.gateway.wire.Encoding;
import dev.flotilla.gateway.wire.Frame;
import dev.flotilla.log.Event;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/// An event on its way to sockets, encoded at most once for each dialect that has a subscriber.
/// Equal to itself only.
public final class Post {
  private static final Frame NOT_CARRIED = Frame.binary(new byte[0]);

  /// What an event weighs beside its payload, roughly.
  private static final int OVERHEAD = 200;

  private final Event event;
  private final String epoch;
  private @Nullable Fact fact;
  private final AtomicReferenceArray<@Nullable Frame> frames =
      new AtomicReferenceArray<>(Encoding.SLOTS);

  /// @param epoch of the log that the event's seq belongs to
  public Post(Event event, String epoch) {
    this.event = event;
    this.epoch = epoch;
  }

  /// Null where the dialect does not carry the event. Two loops may both be the first to ask; both
  /// encodings are the same, and one of them is kept.
  public @Nullable Frame frame(Rendition rendition) {
    int slot = rendition.encoding().slot();
    Frame known = frames.getPlain(slot);
    if (known == null) {
      Frame made = rendition.render(event, epoch);
      known = made == null ? NOT_CARRIED : made.shared();
      frames.set(slot, known);
    }
    return known == NOT_CARRIED ? null : known;
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
