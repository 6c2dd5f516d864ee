package dev.flotilla.fleet.bench.wire.load;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClientFramesTest {
  private static final WebSocketDecoderConfig SERVER =
      WebSocketDecoderConfig.newBuilder()
          .expectMaskedFrames(true)
          .maxFramePayloadLength(1 << 20)
          .build();

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 125, 126, 65_535, 65_536})
  void aServerReadsWhatWasSent(int length) {
    String text = "0123456789".repeat(length / 10 + 1).substring(0, length);
    EmbeddedChannel server = new EmbeddedChannel(new WebSocket13FrameDecoder(SERVER));
    server.writeInbound(
        Unpooled.wrappedBuffer(new ClientFrames().frame(Opcode.TEXT, text.getBytes(UTF_8))));
    TextWebSocketFrame frame = server.readInbound();
    assertThat(frame.text()).isEqualTo(text);
    frame.release();
  }
}
