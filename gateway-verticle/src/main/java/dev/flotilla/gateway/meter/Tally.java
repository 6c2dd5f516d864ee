package dev.flotilla.gateway.meter;

/// Counts of one dialect on one event loop. The loop alone writes, plain fields, because a meter of
/// its own per delivery would cost as much as the delivery; a scrape reads what it finds, which may
/// be a moment old.
public final class Tally {
  private long received;
  private long receivedBytes;
  private long sent;
  private long sentBytes;
  private long durable;
  private long ephemeral;
  private long dropped;

  public void received(int size) {
    received++;
    receivedBytes += size;
  }

  public void sent(int size) {
    sent++;
    sentBytes += size;
  }

  /// A durable event was written to a socket.
  public void durable() {
    durable++;
  }

  /// An ephemeral event was written to a socket.
  public void ephemeral() {
    ephemeral++;
  }

  /// An ephemeral event was not written, because the reader is behind.
  public void dropped() {
    dropped++;
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
}
