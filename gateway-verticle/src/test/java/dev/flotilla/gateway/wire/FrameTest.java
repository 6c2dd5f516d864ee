package dev.flotilla.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FrameTest {

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
    ByteBuf bytes = frame.buffer();
    assertThat(bytes.readableBytes()).isEqualTo(frame.size());
    client.writeInbound(bytes);
    TextWebSocketFrame read = client.readInbound();
    assertThat(read.text()).isEqualTo("{\"text\":\"" + text + "\"}");
    assertThat(read.isFinalFragment()).isTrue();
    read.release();
  }
}
