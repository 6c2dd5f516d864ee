package dev.flotilla.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.vertx.core.buffer.Buffer;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Utf8Test {

  /// What may follow, so that whatever is the beginning of a text becomes one with one of these.
  private static final List<String> ENDINGS = List.of("", "80", "8080", "808080", "a080", "908080");

  private static boolean beginsText(byte[] bytes) {
    return ENDINGS.stream()
        .map(HexFormat.of()::parseHex)
        .anyMatch(ending -> isText(Buffer.buffer(bytes).appendBytes(ending).getBytes()));
  }

  private static boolean isText(byte[] bytes) {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
      return true;
    } catch (CharacterCodingException notText) {
      return false;
    }
  }

  private static boolean accepts(byte[] bytes, Random random) {
    Utf8 utf8 = new Utf8();
    ByteBuf rest = Unpooled.wrappedBuffer(bytes);
    while (rest.isReadable()) {
      if (!utf8.accepts(rest.readSlice(1 + random.nextInt(rest.readableBytes())))) {
        return false;
      }
    }
    return true;
  }

  @Test
  void everySequenceOfThreeBytesIsJudgedAsThePlatformJudgesIt() {
    Random random = new Random(1);
    for (int i = 0; i < 1 << 24; i += 509) {
      byte[] bytes = {(byte) (i >> 16), (byte) (i >> 8), (byte) i};
      if (accepts(bytes, random) != beginsText(bytes)) {
        assertThat(accepts(bytes, random)).as("%06x", i).isEqualTo(beginsText(bytes));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void textInPiecesIsJudgedAsThePlatformJudgesItWhole(long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes =
          random
              .ints(1 + random.nextInt(12), 0, 0x110000)
              .filter(point -> point < 0xd800 || point > 0xdfff)
              .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
              .toString()
              .getBytes(StandardCharsets.UTF_8);
      if (bytes.length > 0 && random.nextInt(3) > 0) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      assertThat(accepts(bytes, random)).isEqualTo(beginsText(bytes));
    }
  }
}
