package dev.flotilla.gateway.wire;

import io.netty.buffer.ByteBuf;

/// An event or an answer as the bytes that go over a connection: encoded once, written to any
/// number of them.
public sealed interface Encoded permits Frame, StreamBlock {
  /// Bytes on the wire.
  int size();

  /// A view of its own for each write; the bytes are the same.
  ByteBuf buffer();

  /// The same bytes outside the heap, where the kernel reads them: worth it for what goes to many
  /// connections, because every write of the other would copy it.
  Encoded shared();
}
