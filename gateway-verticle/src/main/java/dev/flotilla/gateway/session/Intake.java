package dev.flotilla.gateway.session;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.vertx.core.internal.ContextInternal;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/// The way in of one socket: WebSocket frames to whole messages. It stands before the server's own
/// handler, which gets the closing frame only: that one would replace bytes that are not UTF-8,
/// copy each message twice more, and answer pings without bounds.
final class Intake extends ChannelInboundHandlerAdapter {
  private static final int PROTOCOL_ERROR = WebSocketCloseStatus.PROTOCOL_ERROR.code();

  /// What comes out. Called on the session's context.
  interface Listener {
    /// A frame of whatever kind has come.
    void heard();

    void message(Message message);

    void tooLarge(int limit);

    void pinged(byte[] payload);

    void refused(CloseReason reason);

    /// The peer broke RFC 6455. Nothing that it sends can be understood any more.
    ///
    /// @param code the close code that it wants
    void violated(int code);

    /// The peer has said goodbye, or is about to get its answer: nothing may be sent any more.
    void left();

    /// The socket takes more again.
    void writable();
  }

  private final ContextInternal context;
  private final Listener listener;
  private final Assembly assembly;
  private final Queue<Message> held = new ArrayDeque<>(0);
  private boolean paused;
  private boolean deaf;
  private @Nullable ChannelHandlerContext channel;

  Intake(ContextInternal context, Listener listener, Assembly assembly) {
    this.context = context;
    this.listener = listener;
    this.assembly = assembly;
  }

  /// Messages wait until [#resume]; how many is bounded by what one read has brought.
  void pause() {
    paused = true;
    if (channel != null) {
      channel.channel().config().setAutoRead(false);
    }
  }

  void resume() {
    paused = false;
    for (Message next = held.poll(); next != null; next = paused ? null : held.poll()) {
      listener.message(next);
    }
    if (!paused && channel != null) {
      channel.channel().config().setAutoRead(true);
    }
  }

  /// From now on nothing is taken but the peer's closing frame, which must not wait behind a pause.
  void stopListening() {
    deaf = true;
    held.clear();
    assembly.forget();
    resume();
  }

  @Override
  public void handlerAdded(ChannelHandlerContext added) {
    channel = added;
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext removed) {
    assembly.forget();
  }

  @Override
  public void channelRead(ChannelHandlerContext from, Object read) {
    if (!(read instanceof WebSocketFrame frame)) {
      from.fireChannelRead(read);
      return;
    }
    context.dispatch(frame, this::take);
    if (frame instanceof CloseWebSocketFrame) {
      from.fireChannelRead(frame);
    } else {
      frame.release();
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext from) {
    if (from.channel().isWritable()) {
      context.dispatch(listener, Listener::writable);
    }
    from.fireChannelWritabilityChanged();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext from, Throwable cause) {
    if (cause instanceof CorruptedWebSocketFrameException violation) {
      context.dispatch(violation.closeStatus().code(), listener::violated);
    } else {
      from.fireExceptionCaught(cause);
    }
  }

  private void take(WebSocketFrame frame) {
    listener.heard();
    if (frame.rsv() != 0 && !assembly.agreedOn(frame)) {
      listener.violated(PROTOCOL_ERROR);
      return;
    }
    switch (frame) {
      case CloseWebSocketFrame _ -> listener.left();
      case PingWebSocketFrame _ -> ping(frame.content());
      case PongWebSocketFrame _ -> {}
      case TextWebSocketFrame _, BinaryWebSocketFrame _ when !assembly.wants(frame) ->
          listener.refused(CloseReason.WRONG_FRAME_TYPE);
      default -> {
        if (!deaf) {
          assemble(frame);
        }
      }
    }
  }

  private void ping(ByteBuf payload) {
    if (!deaf) {
      listener.pinged(ByteBufUtil.getBytes(payload));
    }
  }

  private void assemble(WebSocketFrame frame) {
    switch (assembly.add(frame)) {
      case Assembly.More() -> {}
      case Assembly.Whole(Message message) -> deliver(message);
      case Assembly.TooLarge(int limit) -> listener.tooLarge(limit);
      case Assembly.Refused(CloseReason reason) -> listener.refused(reason);
    }
  }

  private void deliver(Message whole) {
    if (paused) {
      held.add(whole);
    } else {
      listener.message(whole);
    }
  }
}
