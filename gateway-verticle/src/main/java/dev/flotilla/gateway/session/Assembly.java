package dev.flotilla.gateway.session;

import dev.flotilla.gateway.wire.Expander;
import dev.flotilla.gateway.wire.StrictJson;
import dev.flotilla.gateway.wire.Utf8;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.CharacterCodingException;
import java.util.zip.DataFormatException;
import org.jspecify.annotations.Nullable;

/// Puts the pieces of one socket's messages together, within limits: what is not going to be
/// delivered is not kept, and what is compressed is not inflated beyond them.
final class Assembly {
  /// On the first frame of a message that is compressed.
  private static final int COMPRESSED = 0b100;

  /// Deflating what cannot be compressed makes it larger, by less than a thousandth.
  private static final int SLACK = 64;

  /// What one more piece makes of the message.
  sealed interface Outcome {}

  record More() implements Outcome {}

  record Whole(Message message) implements Outcome {}

  /// @param limit that the message, which is over, was above
  record TooLarge(int limit) implements Outcome {}

  record Refused(CloseReason reason) implements Outcome {}

  private static final Outcome MORE = new More();

  private final Dialect dialect;
  private final @Nullable Expander expander;
  private int softLimit;
  private int hardLimit;
  private @Nullable ByteBuf kept;
  private @Nullable Utf8 utf8;
  private boolean text;
  private boolean compressed;
  private boolean skipping;
  private long size;

  /// Every message above the limit closes the socket, until [#allow].
  ///
  /// @param expander null where compression was not agreed on
  Assembly(Dialect dialect, @Nullable Expander expander, int limit) {
    this.dialect = dialect;
    this.expander = expander;
    this.softLimit = limit;
    this.hardLimit = limit;
  }

  /// @param soft a larger message is dropped with an error
  /// @param hard a larger message closes the socket
  void allow(int soft, int hard) {
    softLimit = soft;
    hardLimit = hard;
  }

  /// Whether the dialect has messages of this kind.
  boolean wants(WebSocketFrame first) {
    return dialect.mixed() || dialect.binary() == first instanceof BinaryWebSocketFrame;
  }

  /// Whether the frame's reserved bits mean something here.
  boolean agreedOn(WebSocketFrame frame) {
    return expander != null
        && frame.rsv() == COMPRESSED
        && (frame instanceof TextWebSocketFrame || frame instanceof BinaryWebSocketFrame);
  }

  Outcome add(WebSocketFrame frame) {
    ByteBuf bytes = frame.content();
    if (!(frame instanceof ContinuationWebSocketFrame)) {
      begin(frame);
    }
    size += bytes.readableBytes();
    if (size > onTheWire(hardLimit)) {
      forget();
      return new Refused(CloseReason.TOO_BIG);
    }
    if (size > onTheWire(softLimit)) {
      forget();
      skipping = true;
    }
    if (frame.isFinalFragment()) {
      return skipping ? new TooLarge(softLimit) : whole(bytes);
    }
    return skipping ? MORE : keep(bytes);
  }

  void forget() {
    if (kept != null) {
      kept.release();
      kept = null;
    }
    utf8 = null;
  }

  private void begin(WebSocketFrame first) {
    size = 0;
    skipping = false;
    text = first instanceof TextWebSocketFrame;
    compressed = first.rsv() == COMPRESSED;
  }

  private long onTheWire(int limit) {
    return compressed ? limit + (limit >> 10) + SLACK : limit;
  }

  /// Text that is not UTF-8 is refused with the piece that shows it.
  private Outcome keep(ByteBuf piece) {
    if (kept == null) {
      kept = Unpooled.buffer(piece.readableBytes());
      utf8 = text && !compressed ? new Utf8() : null;
    }
    if (utf8 != null && !utf8.accepts(piece)) {
      forget();
      return new Refused(CloseReason.NOT_UTF8);
    }
    kept.writeBytes(piece);
    return MORE;
  }

  private Outcome whole(ByteBuf last) {
    ByteBuf all = kept == null ? last : kept.writeBytes(last);
    byte[] bytes = ByteBufUtil.getBytes(all);
    forget();
    try {
      return expander != null && compressed ? inflated(expander, bytes) : message(bytes);
    } catch (CharacterCodingException notUtf8) {
      return new Refused(CloseReason.NOT_UTF8);
    } catch (DataFormatException corrupt) {
      return new Refused(CloseReason.NOT_DEFLATED);
    }
  }

  private Outcome inflated(Expander with, byte[] bytes)
      throws DataFormatException, CharacterCodingException {
    Expander.Inflated all = with.inflate(bytes, softLimit, hardLimit);
    if (all.size() > hardLimit) {
      return new Refused(CloseReason.TOO_BIG);
    }
    return all.bytes() == null ? new TooLarge(softLimit) : message(all.bytes().array());
  }

  private Outcome message(byte[] bytes) throws CharacterCodingException {
    return new Whole(
        text
            ? new Message.Text(StrictJson.text(bytes), bytes.length)
            : new Message.Binary(Buffer.buffer(bytes)));
  }
}
