package dev.flotilla.gateway.session;

import dev.flotilla.gateway.wire.StrictJson;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.WebSocketFrame;
import java.nio.charset.CharacterCodingException;
import org.jspecify.annotations.Nullable;

/// WebSocket frames to whole texts. The server's own text handler is not used: it replaces bytes
/// that are not UTF-8, and forgets the rule for messages in several frames.
final class Inbound {
  /// A message so many times the limit closes the socket; one between is dropped with an error.
  static final int HARD_FACTOR = 4;

  /// What comes out.
  interface Listener {
    void heard();

    void text(String text);

    void tooLarge(int limit);

    void refused(CloseReason reason);
  }

  private final Listener listener;
  private int limit;
  private int hardLimit;
  private @Nullable Buffer message;
  private long size;

  /// Every message above the limit closes the socket, until [#allow].
  Inbound(Listener listener, int limit) {
    this.listener = listener;
    this.limit = limit;
    this.hardLimit = limit;
  }

  void allow(int newLimit) {
    limit = newLimit;
    hardLimit = newLimit * HARD_FACTOR;
  }

  void frame(WebSocketFrame frame) {
    listener.heard();
    if (frame.isBinary()) {
      listener.refused(CloseReason.WRONG_FRAME_TYPE);
    } else if (frame.isText() || frame.isContinuation()) {
      piece(frame);
    }
  }

  private void piece(WebSocketFrame frame) {
    if (frame.isText()) {
      message = Buffer.buffer();
      size = 0;
    }
    Buffer data = frame.binaryData();
    size += data.length();
    if (size > hardLimit) {
      listener.refused(CloseReason.TOO_BIG);
      return;
    }
    if (size > limit) {
      message = null;
    } else if (message != null) {
      message.appendBuffer(data);
    }
    if (frame.isFinal()) {
      whole();
    }
  }

  private void whole() {
    Buffer whole = message;
    message = null;
    if (whole == null) {
      listener.tooLarge(limit);
      return;
    }
    try {
      listener.text(StrictJson.text(whole.getBytes()));
    } catch (CharacterCodingException notUtf8) {
      listener.refused(CloseReason.NOT_UTF8);
    }
  }
}
