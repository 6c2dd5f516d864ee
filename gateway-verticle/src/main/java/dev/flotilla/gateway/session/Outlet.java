package dev.flotilla.gateway.session;

import dev.flotilla.gateway.meter.Tally;
import dev.flotilla.gateway.wire.Compression;
import dev.flotilla.gateway.wire.Frame;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
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

/// The way out of one WebSocket, and the only class that knows the pipeline below it. Pings and the
/// closing frame take the ordinary way, after what waits has been flushed.
final class Outlet {
  private static final int MAX_CLOSE_REASON = 120;
  private static final String GATE = "gate";
  private static final String FRAMES = "frames";

  private final ServerWebSocket socket;
  private final @Nullable Compression compression;
  private final Channel channel;
  private final WriteQueue queue;

  /// @param compression null where messages go as they are
  /// @param stuck runs when five sends in a row have failed: the peer takes nothing
  Outlet(
      ServerWebSocket socket,
      Flusher flusher,
      Tally tally,
      @Nullable Compression compression,
      Runnable stuck) {
    this.socket = socket;
    this.compression = compression;
    this.channel = ((WebSocketInternal) socket).channelHandlerContext().channel();
    this.queue =
        new WriteQueue(
            channel.pipeline().context(WebSocketFrameEncoder.class),
            flusher,
            tally,
            compression,
            stuck);
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

  WriteQueue queue() {
    return queue;
  }

  void ping() {
    socket.writePing(Buffer.buffer());
  }

  void close(int code, String reason) {
    byte[] text = reason.getBytes(StandardCharsets.UTF_8);
    int length = Math.min(text.length, MAX_CLOSE_REASON);
    socket.close((short) code, new String(text, 0, length, StandardCharsets.UTF_8));
  }

  /// Says why and hangs up, without the peer's goodbye, which would not be understood. What the
  /// peer still sends is taken from the kernel and thrown away: a connection that is cut with
  /// unread bytes may be reset before the peer has read why.
  void fail(int code, String reason) {
    if (channel.pipeline().get(FRAMES) != null) {
      channel.pipeline().replace(FRAMES, "waste", new Waste());
    }
    queue
        .writeLast(Frame.close(code, reason))
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
}
