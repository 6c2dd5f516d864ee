package dev.flotilla.gateway.session;

import dev.flotilla.gateway.wire.Compressor;
import dev.flotilla.gateway.wire.DeflateTerms;
import dev.flotilla.gateway.wire.Frame;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketFrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketFrameEncoder;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.internal.http.WebSocketInternal;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// The way out of one socket, and the only class that knows the pipeline below it.
///
/// What is written in one turn of the loop leaves in one system call: frames come encoded, header
/// included, and pass by the WebSocket encoder. That is ten times cheaper than one write per frame.
/// Pings and the closing frame take the ordinary way, after what waits has been flushed.
final class Outlet {
  private static final int MAX_CLOSE_REASON = 120;
  private static final String GATE = "gate";
  private static final String FRAMES = "frames";
  private static final int FAILED_SENDS = 5;

  private final ServerWebSocket socket;
  private final Flusher flusher;
  private final Compressor compressor;
  private final @Nullable DeflateTerms compression;
  private final Runnable stuck;
  private final ChannelHandlerContext belowEncoder;
  private final Channel channel;
  private boolean dirty;
  private @Nullable Object stuckAt;
  private long stuckProgress;
  private int failedSends;

  /// @param compression null where messages go as they are
  /// @param stuck runs when five sends in a row have failed: the peer takes nothing
  Outlet(
      ServerWebSocket socket,
      Flusher flusher,
      Compressor compressor,
      @Nullable DeflateTerms compression,
      Runnable stuck) {
    this.socket = socket;
    this.flusher = flusher;
    this.compressor = compressor;
    this.compression = compression;
    this.stuck = stuck;
    this.channel = ((WebSocketInternal) socket).channelHandlerContext().channel();
    this.belowEncoder = channel.pipeline().context(WebSocketFrameEncoder.class);
    channel.config().setWriteBufferWaterMark(flusher.waterMark());
  }

  /// Puts the intake in. Until [#trust], a frame above the limit is a violation as soon as its
  /// header has come; after it, one above the hard limit is. The server's own decoder, which is
  /// replaced, is for what a client sends before the upgrade is answered. The two that follow it
  /// begin with the same byte, so they agree about where frames begin.
  void begin(Intake intake, int maxFrameBytes, int hardLimit) {
    ChannelPipeline pipeline = channel.pipeline();
    String decoder = pipeline.context(WebSocketFrameDecoder.class).name();
    WebSocketDecoderConfig config =
        WebSocketDecoderConfig.newBuilder()
            .allowExtensions(compression != null)
            .closeOnProtocolViolation(false)
            .maxFramePayloadLength(hardLimit)
            .build();
    pipeline.addAfter(decoder, FRAMES, new WebSocket13FrameDecoder(config));
    pipeline.replace(decoder, GATE, new FrameGate(maxFrameBytes));
    pipeline.addBefore(
        ((WebSocketInternal) socket).channelHandlerContext().name(), "intake", intake);
  }

  /// From now on only the decoder's own limit holds.
  void trust() {
    if (channel.pipeline().get(GATE) != null) {
      channel.pipeline().remove(GATE);
    }
  }

  /// @return its bytes on the wire
  int write(Frame frame) {
    Frame form = compression == null ? frame : frame.compressed(compressor, compression);
    belowEncoder.write(form.buffer(), channel.voidPromise());
    if (!dirty) {
      dirty = true;
      flusher.add(this);
    }
    return form.size();
  }

  /// Bytes that the peer's kernel has not taken yet.
  long queuedBytes() {
    ChannelOutboundBuffer out = channel.unsafe().outboundBuffer();
    return out == null ? 0 : out.totalPendingWriteBytes();
  }

  /// Frames that have been handed to the kernel and that it has not taken.
  int queuedFrames() {
    ChannelOutboundBuffer out = channel.unsafe().outboundBuffer();
    return out == null ? 0 : out.size();
  }

  /// True where so much waits that what can be left out should be.
  boolean backedUp() {
    return !channel.isWritable();
  }

  void ping() {
    socket.writePing(Buffer.buffer());
  }

  void close(int code, String reason) {
    flush();
    byte[] text = reason.getBytes(StandardCharsets.UTF_8);
    int length = Math.min(text.length, MAX_CLOSE_REASON);
    socket.close((short) code, new String(text, 0, length, StandardCharsets.UTF_8));
  }

  /// Says why and hangs up, without the peer's goodbye, which would not be understood. What the
  /// peer still sends is taken from the kernel and thrown away: a connection that is cut with
  /// unread bytes may be reset before the peer has read why.
  void fail(int code, String reason) {
    flush();
    if (channel.pipeline().get(FRAMES) != null) {
      channel.pipeline().replace(FRAMES, "waste", new Waste());
    }
    belowEncoder
        .writeAndFlush(Frame.close(code, reason).buffer())
        .addListener(
            _ -> {
              if (channel instanceof DuplexChannel duplex) {
                duplex.shutdownOutput();
              }
            });
  }

  /// Takes what comes and does nothing with it.
  private static final class Waste extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext from, Object read) {
      ReferenceCountUtil.release(read);
    }
  }

  /// Cuts the connection of a peer that does not read the closing frame.
  void abort() {
    channel.close();
  }

  /// Hands what waits to the kernel now, as far as it takes it.
  void flush() {
    dirty = false;
    channel.flush();
    if (queuedFrames() > 0) {
      flusher.watch(this);
    }
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
      return false;
    }
    if (out.current() == stuckAt && out.currentProgress() == stuckProgress) {
      failedSends++;
    } else {
      failedSends = 0;
    }
    stuckAt = out.current();
    stuckProgress = out.currentProgress();
    if (failedSends == FAILED_SENDS) {
      stuck.run();
    }
    return true;
  }
}
