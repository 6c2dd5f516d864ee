package dev.flotilla.gateway.wire;

import io.netty.buffer.ByteBuf;

/// An event or an answer as the bytes that go over a connection: encoded once, written to any
/// number of them.
public sealed interface Encoded permits Frame, StreamBlock {
  /// Bytes on the wire.
  int size();

  /// Appends the bytes.
  void writeTo(ByteBuf out);
}
