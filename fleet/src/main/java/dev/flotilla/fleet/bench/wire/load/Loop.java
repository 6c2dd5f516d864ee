package dev.flotilla.fleet.bench.wire.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;

/// The sockets of one measurement and the one thread that reads them: whoever calls.
///
/// Plain NIO, because it was the leanest: one `read` per ready socket into one large buffer that
/// all of them share.
public final class Loop implements AutoCloseable {
  private static final int INPUT_BYTES = 256 * 1024;

  private final Selector selector;
  private final ByteBuffer input = ByteBuffer.allocateDirect(INPUT_BYTES);
  private final ClientFrames frames = new ClientFrames();

  public Loop() throws IOException {
    this.selector = Selector.open();
  }

  /// Takes the socket over.
  public Line add(Dialogue dialogue, RecordShape shape, Line.Listener listener) throws IOException {
    SocketChannel channel = dialogue.release();
    SelectionKey key = channel.register(selector, SelectionKey.OP_READ);
    Line line = new Line(key, shape, listener, frames);
    key.attach(line);
    line.early(dialogue.early());
    return line;
  }

  /// Handles what is ready, after waiting for it at most so long; 0 does not wait.
  public void turn(long millis) throws IOException {
    try {
      if (millis > 0) {
        selector.select(this::ready, millis);
      } else {
        selector.selectNow(this::ready);
      }
    } catch (UncheckedIOException failure) {
      throw failure.getCause();
    }
  }

  private void ready(SelectionKey key) {
    try {
      ((Line) key.attachment()).ready(input);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /// Closes every socket.
  @Override
  public void close() throws IOException {
    for (SelectionKey key : selector.keys()) {
      ((Line) key.attachment()).close();
    }
    selector.close();
  }
}
