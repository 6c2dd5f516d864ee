package dev.flotilla.gateway.dialect.work;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import dev.flotilla.work.v1.WorkProto.BatchUpdate;
import dev.flotilla.work.v1.WorkProto.WebSocketMessage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/// Messages that are encoded already become one `BatchUpdate` by writing lengths before them: on
/// the wire, a field that holds a message is that message's bytes.
final class Batch {
  private Batch() {}

  /// @param envelope an encoded `WebSocketMessage` without a payload
  static byte[] append(byte[] envelope, List<byte[]> messages) {
    int size = 0;
    for (byte[] message : messages) {
      size += CodedOutputStream.computeByteArraySize(BatchUpdate.MESSAGES_FIELD_NUMBER, message);
    }
    int header =
        CodedOutputStream.computeTagSize(WebSocketMessage.BATCH_UPDATE_FIELD_NUMBER)
            + CodedOutputStream.computeUInt32SizeNoTag(size);
    byte[] bytes = new byte[envelope.length + header + size];
    try {
      CodedOutputStream out = CodedOutputStream.newInstance(bytes);
      out.writeRawBytes(envelope);
      out.writeTag(
          WebSocketMessage.BATCH_UPDATE_FIELD_NUMBER, WireFormat.WIRETYPE_LENGTH_DELIMITED);
      out.writeUInt32NoTag(size);
      for (byte[] message : messages) {
        out.writeByteArray(BatchUpdate.MESSAGES_FIELD_NUMBER, message);
      }
      out.checkNoSpaceLeft();
    } catch (IOException bug) {
      throw new UncheckedIOException(bug); // The array was too small.
    }
    return bytes;
  }
}
