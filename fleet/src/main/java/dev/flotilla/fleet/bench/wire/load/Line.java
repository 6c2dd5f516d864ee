package dev.flotilla.fleet.bench.wire.load;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.function.Function;

/// One client's socket on a [Loop]. It answers pings by itself.
public final class Line implements FrameWalker.Control {
  private static final ByteBuffer NOTHING = ByteBuffer.allocateDirect(0);

  /// Who wants to know what a line receives.
  public interface Listener {
    void record(Line line, int length, long number);
  }

  /// Asks for a call of [#flush] when the kernel takes more.
  interface Waiter {
    void wantsToWrite(boolean wants) throws IOException;
  }

  private final NativeSocket socket;
  private final Waiter waiter;
  private final FrameWalker walker;
  private final ClientFrames frames;
  private ByteBuffer unsent = NOTHING;
  private String ending = "without a closing frame";

  Line(
      NativeSocket socket,
      Waiter waiter,
      Function<Line, FrameWalker.Payload> payload,
      ClientFrames frames) {
    this.socket = socket;
    this.waiter = waiter;
    this.walker = new FrameWalker(payload.apply(this), this);
    this.frames = frames;
  }

  /// Sends whole frames; what the kernel does not take goes out as soon as it does.
  public void send(ByteBuffer whole) throws IOException {
    if (!unsent.hasRemaining()) {
      socket.writeNow(whole);
    }
    if (whole.hasRemaining()) {
      ByteBuffer all = ByteBuffer.allocateDirect(unsent.remaining() + whole.remaining());
      unsent = all.put(unsent).put(whole).flip();
      waiter.wantsToWrite(true);
    }
  }

  void flush() throws IOException {
    socket.writeNow(unsent);
    if (!unsent.hasRemaining()) {
      waiter.wantsToWrite(false);
    }
  }

  /// @param input the same memory twice
  void read(MemorySegment memory, ByteBuffer input) throws IOException {
    int count = socket.readNow(memory);
    if (count < 0) {
      throw new IOException("the server ended a connection " + ending);
    }
    walker.walk(input.clear().limit(count));
  }

  void early(ByteBuffer bytes) {
    walker.walk(bytes);
  }

  @Override
  public void control(int opcode, ByteBuffer payload) {
    switch (opcode) {
      case Opcode.PING -> pong(payload);
      case Opcode.CLOSE ->
          ending = payload.remaining() < 2 ? "without a code" : "with " + payload.getShort();
      default -> {}
    }
  }

  private void pong(ByteBuffer payload) {
    byte[] same = new byte[payload.remaining()];
    payload.get(same);
    try {
      send(frames.frame(Opcode.PONG, same));
    } catch (IOException gone) {
      ending = gone.toString(); // The read that follows finds the end.
    }
  }

  void close() {
    socket.close();
  }
}
