package dev.flotilla.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flotilla.wire.RawJson;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class StreamBlockTest {

  @Test
  void anEventHasItsIdItsNameAndItsData() {
    assertThat(text(StreamBlock.event("e:7", "task", new RawJson("{\"a\":\"é\"}"))))
        .isEqualTo("id: e:7\nevent: task\ndata: {\"a\":\"é\"}\n\n");
    assertThat(text(StreamBlock.event(null, "task.output", new RawJson("{}"))))
        .isEqualTo("event: task.output\ndata: {}\n\n");
  }

  @Test
  void dataIsOneLineHoweverItWasWritten() {
    assertThat(text(StreamBlock.event(null, "x", new RawJson("{\n\"a\":\r\n\"b\\nc\"}"))))
        .isEqualTo("event: x\ndata: { \"a\":  \"b\\nc\"}\n\n");
  }

  @Test
  void theRestIsOneLineEach() {
    assertThat(text(StreamBlock.position("e:9"))).isEqualTo("id: e:9\n\n");
    assertThat(text(StreamBlock.retry(0))).isEqualTo("retry: 0\n\n");
    assertThat(text(StreamBlock.comment("ping"))).isEqualTo(": ping\n\n");
  }

  private static String text(StreamBlock block) {
    ByteBuf bytes = Unpooled.buffer();
    block.writeTo(bytes);
    assertThat(bytes.readableBytes()).isEqualTo(block.size());
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
