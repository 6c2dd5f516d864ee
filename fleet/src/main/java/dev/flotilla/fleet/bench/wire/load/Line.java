package dev.flotilla.fleet.bench.wire.load;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;

/// One client's socket on a [Loop]. It answers pings by itself.
public final class Line implements FrameWalker.Sink {
  /// Who wants to know what a line receives.
  public interface Listener {
    void record(Line line, int length, long number);
  }

  private final SelectionKey key;
  private final SocketChannel channel;
  private final Listener listener;
  private final FrameWalker walker;
  private final ClientFrames frames;
  private ByteBuffer unsent = ByteBuffer.allocate(0);
  private String ending = "without a closing frame";

  Line(SelectionKey key, RecordShape shape, Listener listener, ClientFrames frames) {
    this.key = key;
    this.channel = (SocketChannel) key.channel();
    this.listener = listener;
    this.walker = new FrameWalker(shape, this);
    this.frames = frames;
  }

  /// Sends whole frames; what the kernel does not take goes out as soon as it does.
  public void send(ByteBuffer whole) throws IOException {
    if (!unsent.hasRemaining()) {
      channel.write(whole);
    }
    if (whole.hasRemaining()) {
      ByteBuffer all = ByteBuffer.allocate(unsent.remaining() + whole.remaining());
      unsent = all.put(unsent).put(whole).flip();
      key.interestOps(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
    }
  }

  void ready(ByteBuffer shared) throws IOException {
    if (key.isWritable()) {
      channel.write(unsent);
      if (!unsent.hasRemaining()) {
        key.interestOps(SelectionKey.OP_READ);
      }
    }
    if (key.isReadable()) {
      int count = channel.read(shared.clear());
      if (count < 0) {
        throw new IOException("the server ended a connection " + ending);
      }
      walker.walk(shared.flip());
    }
  }

  void early(ByteBuffer bytes) {
    walker.walk(bytes);
  }

  @Override
  public void record(int length, long number) {
    listener.record(this, length, number);
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

  void close() throws IOException {
    channel.close();
  }
}
