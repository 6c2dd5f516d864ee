package dev.flotilla.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Random;
import java.util.zip.DataFormatException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FrameTest {
  private static final DeflateTerms ANY_WINDOW = new DeflateTerms(15, false);

  /// Around each of the three ways to write a length.
  @ParameterizedTest
  @ValueSource(ints = {0, 115, 116, 117, 118, 119, 65_520, 65_525, 65_526, 65_527, 65_528, 200_000})
  void aWebSocketDecoderReadsWhatWasWritten(int length) {
    EmbeddedChannel client =
        new EmbeddedChannel(
            new WebSocket13FrameDecoder(
                WebSocketDecoderConfig.newBuilder()
                    .expectMaskedFrames(false)
                    .maxFramePayloadLength(1_000_000)
                    .build()));
    String text = "é".repeat(length / 2) + "x".repeat(length % 2);
    Frame frame = Frame.text(Map.of("text", text));
    ByteBuf bytes = bytes(frame);
    assertThat(bytes.readableBytes()).isEqualTo(frame.size());
    client.writeInbound(bytes);
    TextWebSocketFrame read = client.readInbound();
    assertThat(read.text()).isEqualTo("{\"text\":\"" + text + "\"}");
    assertThat(read.isFinalFragment()).isTrue();
    read.release();
  }

  @ParameterizedTest
  @ValueSource(ints = {256, 1_000, 16_384, 65_536, 300_000})
  void aCompressedFrameIsMadeOnceAndIsTheSameMessage(int length) throws DataFormatException {
    byte[] payload = payload(length);
    try (Compressor compressor = new Compressor(256);
        Expander expander = new Expander()) {
      Frame frame = Frame.binary(payload);
      Frame compressed = frame.compressed(compressor, ANY_WINDOW);
      assertThat(compressed.size()).isLessThan(frame.size());
      assertThat(frame.compressed(compressor, ANY_WINDOW)).isSameAs(compressed);
      ByteBuf bytes = bytes(compressed);
      assertThat(bytes.readUnsignedByte()).isEqualTo((short) 0xc2);
      int length7 = bytes.readUnsignedByte();
      bytes.skipBytes(length7 == 126 ? Short.BYTES : length7 == 127 ? Long.BYTES : 0);
      Expander.Inflated all = expander.inflate(ByteBufUtil.getBytes(bytes), length, length);
      assertThat(all.bytes()).isEqualTo(ByteBuffer.wrap(payload));
    }
  }

  @Test
  void aFrameBelowTheThresholdBeyondTheWindowOrOfNoiseIsLeftAsItIs() {
    try (Compressor compressor = new Compressor(256)) {
      Frame small = Frame.binary(payload(255));
      assertThat(small.compressed(compressor, ANY_WINDOW)).isSameAs(small);
      Frame large = Frame.binary(payload(257));
      assertThat(large.compressed(compressor, new DeflateTerms(8, true))).isSameAs(large);
      byte[] noise = new byte[10_000];
      new Random(1).nextBytes(noise);
      Frame random = Frame.binary(noise);
      assertThat(random.compressed(compressor, ANY_WINDOW)).isSameAs(random);
    }
  }

  @Test
  void inflatingStopsWhereItIsTold() throws DataFormatException {
    try (Compressor compressor = new Compressor(1);
        Expander expander = new Expander()) {
      byte[] bomb = compressor.deflate(ByteBuffer.wrap(new byte[10_000_000]));
      Expander.Inflated inflated = expander.inflate(bomb, 1_000, 100_000);
      assertThat(inflated.bytes()).isNull();
      assertThat(inflated.size()).isBetween(100_001, 200_000);
    }
  }

  private static ByteBuf bytes(Frame frame) {
    ByteBuf bytes = Unpooled.buffer();
    frame.writeTo(bytes);
    return bytes;
  }

  private static byte[] payload(int length) {
    return new Random(length)
        .ints(length, 'a', 'f')
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString()
        .getBytes(StandardCharsets.US_ASCII);
  }
}
