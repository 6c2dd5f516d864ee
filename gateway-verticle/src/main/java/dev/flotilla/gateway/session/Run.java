package dev.flotilla.gateway.session;

import dev.flotilla.gateway.wire.Encoded;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Some messages in a row, that go to a connection as one buffer.
///
/// Connections that are sent the same messages in one turn of the loop are at the same run, so
/// the bytes are put together once for all of them, and each has one buffer to send however many
/// messages it got. That is what makes a delivery cheap: the kernel asks for so much per buffer
/// that the bytes hardly count.
final class Run {
  /// Longer ones are not put together: their copy would cost more than it saves.
  static final int MAX_BYTES = 64 << 10;

  private final @Nullable Run before;
  private final @Nullable Encoded last;
  private final int messages;
  private final int bytes;

  /// The run with one more message that was asked for last: all connections of a topic ask for the
  /// same one.
  private @Nullable Run next;

  private @Nullable ByteBuf together;

  private Run(@Nullable Run before, @Nullable Encoded last, int messages, int bytes) {
    this.before = before;
    this.last = last;
    this.messages = messages;
    this.bytes = bytes;
  }

  /// Without messages: where every connection begins a turn.
  static Run start() {
    return new Run(null, null, 0, 0);
  }

  /// This run and one more message.
  @SuppressWarnings("ReferenceEquality") // The same message, not one that says the same.
  Run then(Encoded message) {
    Run known = next;
    if (known == null || known.last != message) {
      known = new Run(this, message, messages + 1, bytes + message.size());
      next = known;
    }
    return known;
  }

  /// True where there is room for so many bytes more.
  boolean takes(int size) {
    return messages == 0 || bytes + size <= MAX_BYTES;
  }

  int messages() {
    return messages;
  }

  int bytes() {
    return bytes;
  }

  /// All messages, for one connection to send and release.
  ///
  /// @param made gets the buffer when it is made, to release it when the turn is over
  ByteBuf buffer(ByteBufAllocator allocator, Consumer<ByteBuf> made) {
    ByteBuf all = together;
    if (all == null) {
      all = allocator.directBuffer(bytes, bytes);
      writeTo(all);
      together = all;
      made.accept(all);
    }
    return all.retainedDuplicate();
  }

  private void writeTo(ByteBuf out) {
    Deque<Encoded> inOrder = new ArrayDeque<>(messages);
    for (Run run = this; run != null && run.last != null; run = run.before) {
      inOrder.push(run.last);
    }
    inOrder.forEach(message -> message.writeTo(out));
  }
}
