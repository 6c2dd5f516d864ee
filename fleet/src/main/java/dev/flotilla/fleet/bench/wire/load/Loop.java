package dev.flotilla.fleet.bench.wire.load;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/// The sockets of one measurement and the one thread that reads them: whoever calls.
///
/// A loop that polls never sleeps. On one machine, waking the client costs the server a quarter of
/// its time: an interrupt to the other core for almost every delivery. No server on a network pays
/// for its clients' sleep; so no server here does. [#busySeconds] says how much of the time there
/// was something to do, since processor time does not.
public final class Loop implements AutoCloseable {
  private static final int INPUT_BYTES = 256 * 1024;
  private static final int ALIGNMENT = 64;

  private final boolean polls;
  private final Epoll epoll = new Epoll();
  private final Arena arena = Arena.ofConfined();
  private final MemorySegment memory = arena.allocate(INPUT_BYTES, ALIGNMENT);
  private final ByteBuffer input = memory.asByteBuffer();
  private final ClientFrames frames = new ClientFrames();
  private final List<Line> lines = new ArrayList<>();
  private long busyNanos;
  private long lookedAt = System.nanoTime();

  /// @param polls true where the thread has a core of its own
  public Loop(boolean polls) throws IOException {
    this.polls = polls;
  }

  /// Takes the socket over and tells of its records.
  public Line add(Dialogue dialogue, RecordShape shape, Line.Listener listener) throws IOException {
    return add(
        dialogue,
        line -> new Records(shape, (length, number) -> listener.record(line, length, number)));
  }

  /// Takes the socket over and tells of its messages.
  public Line add(Dialogue dialogue, Messages.Sink sink) throws IOException {
    return add(dialogue, _ -> new Messages(sink));
  }

  private Line add(Dialogue dialogue, Function<Line, FrameWalker.Payload> payload)
      throws IOException {
    NativeSocket socket = dialogue.release();
    int token = lines.size();
    Line.Waiter waiter =
        wants ->
            epoll.interest(socket, token, wants ? Epoll.READABLE | Epoll.WRITABLE : Epoll.READABLE);
    Line line = new Line(socket, waiter, payload, frames);
    lines.add(line);
    epoll.add(socket, token);
    line.early(dialogue.early());
    return line;
  }

  /// Handles what is ready, after waiting for it at most so long, if it waits at all.
  public void turn(int millis) throws IOException {
    handle(epoll.await(polls ? 0 : millis));
  }

  /// The same, but always waits: for when nothing is measured.
  public void rest(int millis) throws IOException {
    handle(epoll.await(millis));
  }

  private void handle(int ready) throws IOException {
    for (int i = 0; i < ready; i++) {
      Line line = lines.get(epoll.token(i));
      if (epoll.writable(i)) {
        line.flush();
      }
      line.read(memory, input);
    }
    long now = System.nanoTime();
    if (ready > 0) {
      busyNanos += now - lookedAt;
    }
    lookedAt = now;
  }

  public boolean polls() {
    return polls;
  }

  /// The time of all turns in which something was ready, of a loop that polls.
  public double busySeconds() {
    return busyNanos / 1e9;
  }

  /// Closes every socket.
  @Override
  public void close() {
    lines.forEach(Line::close);
    epoll.close();
    arena.close();
  }
}
