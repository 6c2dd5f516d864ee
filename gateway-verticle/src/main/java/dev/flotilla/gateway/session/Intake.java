package dev.flotilla.gateway.session;

import dev.flotilla.gateway.wire.StrictJson;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.ContextInternal;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/// The way in of one socket: WebSocket frames to whole messages. It stands before the server's own
/// handler, which gets pings, pongs and the closing frame only: that one would replace bytes that
/// are not UTF-8 and copy each message twice more.
final class Intake extends ChannelInboundHandlerAdapter {

  /// What comes out. Called on the session's context.
  interface Listener {
    /// A frame of whatever kind has come.
    void heard();

    void message(Message message);

    void tooLarge(int limit);

    void refused(CloseReason reason);

    /// The peer broke RFC 6455.
    ///
    /// @param code the close code that it wants
    void violated(int code);

    /// The socket takes more again.
    void writable();
  }

  private final ContextInternal context;
  private final Listener listener;
  private final boolean binary;
  private final Queue<Message> held = new ArrayDeque<>(0);
  private int softLimit;
  private int hardLimit;
  private @Nullable ByteBuf message;
  private boolean skipping;
  private int size;
  private boolean paused;
  private @Nullable ChannelHandlerContext channel;

  /// Every message above the limit closes the socket, until [#allow].
  Intake(ContextInternal context, Listener listener, boolean binary, int limit) {
    this.context = context;
    this.listener = listener;
    this.binary = binary;
    this.softLimit = limit;
    this.hardLimit = limit;
  }

  /// @param soft a larger message is dropped with an error
  /// @param hard a larger message closes the socket
  void allow(int soft, int hard) {
    softLimit = soft;
    hardLimit = hard;
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

  @Override
  public void handlerAdded(ChannelHandlerContext added) {
    channel = added;
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext removed) {
    forget();
  }

  @Override
  public void channelRead(ChannelHandlerContext from, Object read) {
    if (read instanceof WebSocketFrame frame) {
      context.dispatch(frame, this::take);
      if (!isMessage(frame)) {
        from.fireChannelRead(frame);
      } else {
        frame.release();
      }
    } else {
      from.fireChannelRead(read);
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

  private static boolean isMessage(WebSocketFrame frame) {
    return frame instanceof TextWebSocketFrame
        || frame instanceof BinaryWebSocketFrame
        || frame instanceof ContinuationWebSocketFrame;
  }

  private void take(WebSocketFrame frame) {
    listener.heard();
    if (frame instanceof TextWebSocketFrame
        ? binary
        : frame instanceof BinaryWebSocketFrame && !binary) {
      listener.refused(CloseReason.WRONG_FRAME_TYPE);
    } else if (isMessage(frame)) {
      piece(frame);
    }
  }

  private void piece(WebSocketFrame frame) {
    ByteBuf bytes = frame.content();
    if (!(frame instanceof ContinuationWebSocketFrame)) {
      size = 0;
      skipping = false;
    }
    size += bytes.readableBytes();
    if (size > hardLimit) {
      forget();
      listener.refused(CloseReason.TOO_BIG);
      return;
    }
    if (size > softLimit) {
      forget();
      skipping = true;
    }
    if (skipping) {
      if (frame.isFinalFragment()) {
        listener.tooLarge(softLimit);
      }
    } else if (frame.isFinalFragment()) {
      whole(bytes);
    } else {
      keep(bytes);
    }
  }

  private void keep(ByteBuf bytes) {
    if (message == null) {
      message = Unpooled.buffer(bytes.readableBytes());
    }
    message.writeBytes(bytes);
  }

  private void whole(ByteBuf last) {
    ByteBuf all = last;
    if (message != null) {
      message.writeBytes(last);
      all = message;
    }
    byte[] bytes = new byte[all.readableBytes()];
    all.readBytes(bytes);
    forget();
    try {
      deliver(
          binary
              ? new Message.Binary(Buffer.buffer(bytes))
              : new Message.Text(StrictJson.text(bytes), bytes.length));
    } catch (CharacterCodingException notUtf8) {
      listener.refused(CloseReason.NOT_UTF8);
    }
  }

  private void deliver(Message whole) {
    if (paused) {
      held.add(whole);
    } else {
      listener.message(whole);
    }
  }

  private void forget() {
    if (message != null) {
      message.release();
      message = null;
    }
  }
}
