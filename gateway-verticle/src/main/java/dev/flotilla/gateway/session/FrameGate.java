package dev.flotilla.gateway.session;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.util.ReferenceCountUtil;

/// Before the WebSocket decoder: refuses a frame as soon as its header claims too much.
///
/// The decoder holds a frame until it is whole, and its limit cannot be changed once it has read
/// half of one. This one only looks and holds nothing, so it can be taken away at any time: what
/// strangers may make the server hold is small, and what sessions may is not.
final class FrameGate extends ChannelInboundHandlerAdapter {
  private static final int SHORTEST_HEADER = 2;
  private static final int TWO_BYTES = 126;
  private static final int EIGHT_BYTES = 127;
  private static final int MASK_BYTES = 4;

  private final int limit;
  private final byte[] header = new byte[SHORTEST_HEADER + Long.BYTES + MASK_BYTES];
  private int have;
  private int toSkip;
  private boolean refused;

  FrameGate(int limit) {
    this.limit = limit;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (!(message instanceof ByteBuf bytes)) {
      context.fireChannelRead(message);
    } else if (!refused && passes(bytes)) {
      context.fireChannelRead(bytes);
    } else {
      ReferenceCountUtil.release(bytes);
      refuse(context);
    }
  }

  private void refuse(ChannelHandlerContext context) {
    if (!refused) {
      refused = true;
      context.fireExceptionCaught(
          new CorruptedWebSocketFrameException(
              WebSocketCloseStatus.MESSAGE_TOO_BIG, "a frame above " + limit + " bytes", null));
    }
  }

  private boolean passes(ByteBuf bytes) {
    int at = bytes.readerIndex();
    while (at < bytes.writerIndex()) {
      if (toSkip > 0) {
        int skipped = Math.min(toSkip, bytes.writerIndex() - at);
        toSkip -= skipped;
        at += skipped;
      } else {
        header[have++] = bytes.getByte(at++);
        if (have == headerLength()) {
          long length = payloadLength();
          if (length < 0 || length > limit) {
            return false;
          }
          toSkip = (int) length;
          have = 0;
        }
      }
    }
    return true;
  }

  private int headerLength() {
    if (have < SHORTEST_HEADER) {
      return SHORTEST_HEADER;
    }
    int mask = header[1] < 0 ? MASK_BYTES : 0;
    return SHORTEST_HEADER + lengthBytes() + mask;
  }

  private int lengthBytes() {
    return switch (header[1] & 0x7f) {
      case TWO_BYTES -> Short.BYTES;
      case EIGHT_BYTES -> Long.BYTES;
      default -> 0;
    };
  }

  private long payloadLength() {
    int count = lengthBytes();
    if (count == 0) {
      return header[1] & 0x7f;
    }
    long length = 0;
    for (int i = 0; i < count; i++) {
      length = (length << Byte.SIZE) | (header[SHORTEST_HEADER + i] & 0xff);
    }
    return length;
  }
}
