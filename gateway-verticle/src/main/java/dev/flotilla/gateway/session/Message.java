package dev.flotilla.gateway.session;

import io.vertx.core.buffer.Buffer;

/// A whole message from a client.
public sealed interface Message {
  /// Bytes of it on the wire, headers excluded.
  int size();

  record Text(String text, int size) implements Message {}

  record Binary(Buffer bytes) implements Message {
    @Override
    public int size() {
      return bytes.length();
    }
  }
}
