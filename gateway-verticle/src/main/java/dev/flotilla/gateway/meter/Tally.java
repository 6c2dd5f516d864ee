package dev.flotilla.gateway.meter;

import dev.flotilla.contract.TopicFamily;
import java.util.Collection;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Counts of one dialect on one event loop. The loop alone writes, plain fields, because a meter of
/// its own per delivery would cost as much as the delivery; a scrape reads what it finds, which may
/// be a moment old.
public final class Tally {
  private final Map<TopicFamily, Integer> subscribed = new EnumMap<>(TopicFamily.class);
  private long received;
  private long receivedBytes;
  private long sent;
  private long sentBytes;
  private long durable;
  private long ephemeral;
  private long dropped;
  private long errors;
  private long limited;
  private long failedSends;
  private @Nullable Object newest;
  private long fanOut;
  private Queued queued = Queued.NOTHING;

  /// What waits for slow readers: for all of them, and for the slowest.
  record Queued(long frames, long framesMax, long bytes, long bytesMax) {
    static final Queued NOTHING = new Queued(0, 0, 0, 0);

    Queued with(long moreFrames, long moreBytes) {
      return new Queued(
          frames + moreFrames,
          Math.max(framesMax, moreFrames),
          bytes + moreBytes,
          Math.max(bytesMax, moreBytes));
    }
  }

  public void received(int size) {
    received++;
    receivedBytes += size;
  }

  public void sent(int size) {
    sent++;
    sentBytes += size;
  }

  /// A durable event was written to a socket.
  ///
  /// @param event the same object for each socket that it is written to
  public void durable(Object event) {
    durable++;
    delivered(event);
  }

  /// An ephemeral event was written to a socket.
  ///
  /// @param event the same object for each socket that it is written to
  public void ephemeral(Object event) {
    ephemeral++;
    delivered(event);
  }

  /// An ephemeral event was not written, because the reader is behind.
  public void dropped() {
    dropped++;
  }

  /// A client was told that something is refused.
  public void error() {
    errors++;
  }

  /// A message was not processed, because it is above a rate limit.
  public void limited() {
    limited++;
  }

  /// A socket took nothing of what waits for it.
  public void sendFailed() {
    failedSends++;
  }

  /// A session is subscribed to topics of these families now, and was to those.
  public void subscribed(Collection<TopicFamily> now, Collection<TopicFamily> before) {
    before.forEach(family -> subscribed.merge(family, -1, Integer::sum));
    now.forEach(family -> subscribed.merge(family, 1, Integer::sum));
  }

  /// Begins to count anew what waits for slow readers.
  public void nothingQueued() {
    queued = Queued.NOTHING;
  }

  public void queued(int frames, long bytes) {
    queued = queued.with(frames, bytes);
  }

  @SuppressWarnings("ReferenceEquality") // The same event, not one that says the same.
  private void delivered(Object event) {
    if (event != newest) {
      newest = event;
      fanOut = 0;
    }
    fanOut++;
  }

  long receivedCount() {
    return received;
  }

  long receivedBytes() {
    return receivedBytes;
  }

  long sentCount() {
    return sent;
  }

  long sentBytes() {
    return sentBytes;
  }

  long durableCount() {
    return durable;
  }

  long ephemeralCount() {
    return ephemeral;
  }

  long droppedCount() {
    return dropped;
  }

  long errorCount() {
    return errors;
  }

  long limitedCount() {
    return limited;
  }

  long failedSendCount() {
    return failedSends;
  }

  /// How many sockets the newest event was written to.
  long fanOut() {
    return fanOut;
  }

  int subscribed(TopicFamily family) {
    return subscribed.getOrDefault(family, 0);
  }

  Queued queued() {
    return queued;
  }
}
