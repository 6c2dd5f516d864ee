package dev.flotilla.fleet.bench.wire;

import dev.flotilla.fleet.bench.wire.contender.BenchEvent;
import dev.flotilla.fleet.bench.wire.contender.Broker;
import dev.flotilla.fleet.bench.wire.contender.Publication;
import dev.flotilla.fleet.bench.wire.load.Dialogue;
import dev.flotilla.fleet.bench.wire.load.Doors;
import dev.flotilla.fleet.bench.wire.load.Line;
import dev.flotilla.fleet.bench.wire.load.Loop;
import dev.flotilla.fleet.bench.wire.load.RecordShape;
import dev.flotilla.fleet.bench.wire.machine.Cores;
import dev.flotilla.fleet.bench.wire.machine.CpuWatch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/// One publisher and many subscribers of a broker. It hands out numbers, so that every event of a
/// crowd has one of its own.
final class Crowd implements AutoCloseable {
  private static final int MOST_AT_ONCE = 64;

  /// Who wants to know of deliveries; others may come late, from before.
  interface Listener {
    void delivered(long number);
  }

  private final Broker broker;
  private final int size;
  private final Loop loop;
  private final Publication publication;
  private final ByteBuffer out;
  private final RecordShape shape;
  private final Line publisher;
  private Listener listener = _ -> {};
  private long next = BenchEvent.FIRST;

  private Crowd(Broker broker, int size, Loop loop) throws IOException {
    this.broker = broker;
    this.size = size;
    this.loop = loop;
    this.publication = broker.publication();
    this.out = ByteBuffer.allocateDirect(MOST_AT_ONCE * publication.frameBytes());
    try (Dialogue scout = broker.subscriber()) {
      Dialogue dialogue = broker.publisher();
      broker.publish(dialogue, next);
      this.shape = shape(scout.receive());
      this.publisher = loop.add(dialogue, RecordShape.ANY_MESSAGE, (_, _, _) -> {});
    }
    next++;
    for (Dialogue subscriber : Doors.open(size, broker::subscriber)) {
      loop.add(subscriber, shape, this::received);
    }
  }

  static Crowd gather(Broker broker, int size, boolean polls) throws IOException {
    Loop loop = new Loop(polls);
    try {
      return new Crowd(broker, size, loop);
    } catch (IOException failure) {
      loop.close();
      throw failure;
    }
  }

  /// What one event is when it arrives has to be the event that was published.
  private RecordShape shape(String received) {
    if (!received.contains(BenchEvent.text(next))) {
      throw new IllegalStateException("not what was published: " + received);
    }
    return RecordShape.of(received, BenchEvent.MARK, broker.perMessage());
  }

  Broker broker() {
    return broker;
  }

  int size() {
    return size;
  }

  /// Bytes that a subscriber receives for one event, without the WebSocket header.
  int deliveryBytes() {
    return shape.length();
  }

  /// The number of the next event.
  long next() {
    return next;
  }

  /// Watches the broker and this crowd's client.
  CpuWatch watch(Cores cores) throws IOException {
    List<ProcessHandle> server = List.of(broker.process());
    return loop.polls()
        ? new CpuWatch(cores, server, loop::busySeconds)
        : new CpuWatch(cores, server);
  }

  void hear(Listener newListener) {
    listener = newListener;
  }

  /// Publishes that many events with one write, at most 64.
  void publish(int count) throws IOException {
    out.clear();
    for (int i = 0; i < Math.min(count, MOST_AT_ONCE); i++) {
      publication.put(out, next++);
    }
    publisher.send(out.flip());
  }

  void turn(int millis) throws IOException {
    loop.turn(millis);
  }

  void rest(int millis) throws IOException {
    loop.rest(millis);
  }

  private void received(Line line, int length, long number) {
    if (length == shape.length()) {
      listener.delivered(number);
    }
  }

  @Override
  public void close() {
    loop.close();
  }
}
