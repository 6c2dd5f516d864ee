package dev.flotilla.gateway.session;

import dev.flotilla.gateway.meter.Tally;
import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketFrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketFrameEncoder;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.internal.http.WebSocketInternal;
import java.nio.charset.StandardCharsets;

/// The way out of one WebSocket, and the only class that knows the pipeline below it. Pings and the
/// closing frame take the ordinary way, after what waits has been flushed.
final class Outlet {
  private static final int MAX_CLOSE_REASON = 120;
  private static final String GATE = "gate";

  private final ServerWebSocket socket;
  private final Channel channel;
  private final WriteQueue queue;

  /// @param stuck runs when five sends in a row have failed: the peer takes nothing
  Outlet(ServerWebSocket socket, Flusher flusher, Tally tally, Runnable stuck) {
    this.socket = socket;
    this.channel = ((WebSocketInternal) socket).channelHandlerContext().channel();
    this.queue =
        new WriteQueue(
            channel.pipeline().context(WebSocketFrameEncoder.class), flusher, tally, stuck);
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
            .allowExtensions(false)
            .closeOnProtocolViolation(false)
            .maxFramePayloadLength(hardLimit)
            .build();
    pipeline.addAfter(decoder, "frames", new WebSocket13FrameDecoder(config));
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
    queue.flush();
    byte[] text = reason.getBytes(StandardCharsets.UTF_8);
    int length = Math.min(text.length, MAX_CLOSE_REASON);
    socket.close((short) code, new String(text, 0, length, StandardCharsets.UTF_8));
  }
}
