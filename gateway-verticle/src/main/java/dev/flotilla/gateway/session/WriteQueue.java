package dev.flotilla.gateway.session;

import dev.flotilla.gateway.meter.Tally;
import dev.flotilla.gateway.wire.Compression;
import dev.flotilla.gateway.wire.Encoded;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import org.jspecify.annotations.Nullable;

/// What waits for one connection to take it.
///
/// What is written in one turn of the loop leaves as one buffer ([Run]): messages come encoded,
/// with whatever header they need, and pass by the encoder. That is ten times cheaper than one
/// write per message.
final class WriteQueue {
  /// A peer that lets so many sends in a row fail takes nothing any more.
  static final int FAILED_SENDS = 5;

  private final ChannelHandlerContext belowEncoder;
  private final Channel channel;
  private final Flusher flusher;
  private final Tally tally;
  private final @Nullable Compression compression;
  private final Runnable stuck;
  private final Backlog backlog = new Backlog();

  /// What was written in this turn, null where nothing was.
  private @Nullable Run pending;

  private boolean dirty;

  /// True where the connection may still have something that was handed over.
  private boolean handed;

  private boolean watched;
  private @Nullable Object stuckAt;
  private long stuckProgress;
  private int failedSends;

  /// @param compression null where messages go as they are
  /// @param stuck runs when five sends in a row have failed: the peer takes nothing
  WriteQueue(
      ChannelHandlerContext belowEncoder,
      Flusher flusher,
      Tally tally,
      @Nullable Compression compression,
      Runnable stuck) {
    this.belowEncoder = belowEncoder;
    this.channel = belowEncoder.channel();
    this.flusher = flusher;
    this.tally = tally;
    this.compression = compression;
    this.stuck = stuck;
    channel.config().setWriteBufferWaterMark(flusher.waterMark());
  }

  /// @return how many bytes it is on the wire
  int write(Encoded message) {
    Encoded form = compression == null ? message : compression.of(message);
    int size = form.size();
    Run run = pending == null ? flusher.start() : pending;
    if (!run.takes(size)) {
      hand(run);
      run = flusher.start();
    }
    pending = run.then(form);
    if (!dirty) {
      dirty = true;
      flusher.add(this);
    }
    return size;
  }

  /// Call [#flush] before. Completes when the peer's kernel has taken it and everything before it.
  ChannelFuture writeLast(Encoded message) {
    ByteBuf bytes = channel.alloc().directBuffer(message.size());
    message.writeTo(bytes);
    return belowEncoder.writeAndFlush(bytes);
  }

  private void hand(Run run) {
    settle();
    handed = true;
    backlog.add(run.messages());
    belowEncoder.write(run.buffer(channel.alloc(), flusher::release), channel.voidPromise());
  }

  /// Looks at what is left of what was handed over. The connection itself is looked at only while
  /// something is: a delivery to a thousand idle ones would touch a thousand more objects.
  private void settle() {
    if (handed) {
      ChannelOutboundBuffer out = channel.unsafe().outboundBuffer();
      int buffers = out == null ? 0 : out.size();
      backlog.settle(buffers);
      handed = buffers > 0;
    }
  }

  /// True where more waits than that.
  boolean exceeds(int maxBytes, int maxMessages) {
    Run run = pending;
    return handed
        ? messages() > maxMessages || bytes() > maxBytes
        : run != null && (run.messages() > maxMessages || run.bytes() > maxBytes);
  }

  /// Bytes that the peer's kernel has not taken yet.
  long bytes() {
    ChannelOutboundBuffer out = handed ? channel.unsafe().outboundBuffer() : null;
    long waiting = out == null ? 0 : out.totalPendingWriteBytes();
    return pending == null ? waiting : waiting + pending.bytes();
  }

  /// Messages that the peer's kernel has not taken yet.
  int messages() {
    settle();
    return pending == null ? backlog.messages() : backlog.messages() + pending.messages();
  }

  /// True where so much waits that what can be left out should be.
  boolean backedUp() {
    return handed && !channel.isWritable();
  }

  /// Hands what waits to the kernel now, as far as it takes it.
  void flush() {
    dirty = false;
    Run run = pending;
    if (run != null) {
      pending = null;
      hand(run);
    }
    belowEncoder.flush();
    settle();
    if (handed && !watched) {
      watched = true;
      flusher.watch(this);
    }
  }

  /// Cuts the connection of a peer that does not read how it ends.
  void abort() {
    channel.close();
  }

  /// Asked every send timeout while something waits: a send in which the peer took nothing has
  /// failed.
  ///
  /// @return false when nothing waits any more
  @SuppressWarnings("ReferenceEquality") // The same buffer, not one with equal bytes.
  boolean checkProgress() {
    ChannelOutboundBuffer out = channel.unsafe().outboundBuffer();
    if (out == null || out.isEmpty()) {
      stuckAt = null;
      failedSends = 0;
      watched = false;
      return false;
    }
    if (out.current() == stuckAt && out.currentProgress() == stuckProgress) {
      failedSends++;
      tally.sendFailed();
    } else {
      failedSends = 0;
    }
    tally.queued(messages(), bytes());
    stuckAt = out.current();
    stuckProgress = out.currentProgress();
    if (failedSends == FAILED_SENDS) {
      stuck.run();
    }
    return true;
  }
}
