package dev.flotilla.gateway.session;

import dev.flotilla.gateway.wire.Encoding;
import dev.flotilla.gateway.wire.StreamBlock;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.timeout.IdleStateHandler;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.net.impl.VertxConnection;

/// A session on the response to a request for the event stream. The client says nothing on it, so
/// nothing waits and nothing is heard; that it is gone shows in what it does not take.
///
/// Its blocks pass by the encoder of HTTP, so the response must have neither a length nor chunks:
/// it ends with the connection, which serves nothing else afterwards.
final class StreamTransport implements Transport {
  private static final StreamBlock PING = StreamBlock.comment("ping");

  private final ChannelHandlerContext server;
  private final Channel channel;
  private final WriteQueue queue;
  private final ContextInternal context;
  private final Session session;

  StreamTransport(Engine engine, HttpServerRequest request, Session session) {
    this.server = ((VertxConnection) request.connection()).channelHandlerContext();
    this.channel = server.channel();
    this.queue =
        new WriteQueue(
            channel.pipeline().context(HttpResponseEncoder.class),
            engine.flusher(),
            engine.tally(Encoding.STREAM),
            null,
            session::stuck);
    this.context = (ContextInternal) engine.edge().loop();
    this.session = session;
  }

  @Override
  public void begin() {
    ChannelPipeline pipeline = channel.pipeline();
    // It sees only what passes the encoder, and would close a stream that is alive.
    if (pipeline.get(IdleStateHandler.class) != null) {
      pipeline.remove(IdleStateHandler.class);
    }
    pipeline.addBefore(server.name(), "stream", new Watch());
  }

  @Override
  public void pause() {
    // Nothing comes in.
  }

  @Override
  public void resume() {
    // Nothing was held.
  }

  @Override
  public void stopListening() {
    // Nothing was listened to.
  }

  @Override
  public void trust() {
    // It is known whose it is before it begins.
  }

  @Override
  public WriteQueue queue() {
    return queue;
  }

  @Override
  public boolean ping() {
    queue.write(PING);
    return false;
  }

  @Override
  public void close(int code, String reason) {
    channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
  }

  @Override
  public void fail(int code, String reason) {
    close(code, reason);
  }

  /// Sees when the connection takes more again. The server's own handler keeps that to itself.
  private final class Watch extends ChannelInboundHandlerAdapter {
    @Override
    public void channelWritabilityChanged(ChannelHandlerContext from) {
      if (from.channel().isWritable()) {
        context.dispatch(session, Session::writable);
      }
      from.fireChannelWritabilityChanged();
    }
  }
}
