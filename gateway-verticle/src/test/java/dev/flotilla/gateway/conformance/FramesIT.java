package dev.flotilla.gateway.conformance;

import static dev.flotilla.gateway.fixture.RawSocket.BINARY;
import static dev.flotilla.gateway.fixture.RawSocket.CLOSE;
import static dev.flotilla.gateway.fixture.RawSocket.CONTINUATION;
import static dev.flotilla.gateway.fixture.RawSocket.PING;
import static dev.flotilla.gateway.fixture.RawSocket.PONG;
import static dev.flotilla.gateway.fixture.RawSocket.TEXT;
import static dev.flotilla.gateway.fixture.RawSocket.frame;
import static org.assertj.core.api.Assertions.assertThat;

import dev.flotilla.gateway.fixture.RawSocket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What of RFC 6455 is easily broken; [AutobahnIT] has the rest.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FramesIT {
  private static final int SOFT = 10_000;
  private static final int HARD = 20_000;
  private static final int MANY = 400_000;

  private final Echoes echoes = Echoes.start(SOFT, HARD, Map.of());

  @AfterAll
  void stop() {
    echoes.close();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void aMessageInPiecesWithPingsBetweenThemIsOneMessage() {
    try (RawSocket raw = echoes.open()) {
      raw.write(
          frame(TEXT, false, bytes("one ")),
          frame(PING, true, bytes("p1")),
          frame(CONTINUATION, false, bytes("")),
          frame(PING, true, bytes("p2")),
          frame(PONG, true, bytes("nobody asked")),
          frame(CONTINUATION, true, bytes("two")));
      assertThat(List.of(raw.read(), raw.read()))
          .extracting(RawSocket.Frame::opcode, RawSocket.Frame::text)
          .containsExactly(
              org.assertj.core.groups.Tuple.tuple(PONG, "p1"),
              org.assertj.core.groups.Tuple.tuple(PONG, "p2"));
      assertThat(raw.read().text()).isEqualTo("one two");
    }
  }

  @Test
  void emptyPiecesAndEmptyMessagesAreMessages() {
    try (RawSocket raw = echoes.open()) {
      raw.write(
          frame(BINARY, false, bytes("")),
          frame(CONTINUATION, false, bytes("")),
          frame(CONTINUATION, true, bytes("")),
          frame(TEXT, true, bytes("")));
      RawSocket.Frame first = raw.read();
      assertThat(first.opcode()).isEqualTo(BINARY);
      assertThat(first.payload().length()).isZero();
      assertThat(raw.read().opcode()).isEqualTo(TEXT);
    }
  }

  @Test
  void textIsRefusedWithTheFirstPieceThatIsNoText() {
    try (RawSocket raw = echoes.open()) {
      // Half of a character may end a piece; a byte that cannot follow it may not begin the next.
      raw.write(frame(TEXT, false, new byte[] {(byte) 0xe2, (byte) 0x82}));
      raw.write(frame(CONTINUATION, false, new byte[] {(byte) 0xac, (byte) 0xed}));
      raw.write(frame(PING, true, bytes("so far")));
      assertThat(raw.read().text()).isEqualTo("so far");
      raw.write(frame(CONTINUATION, false, new byte[] {(byte) 0xa0}));
      assertThat(raw.closeCode()).isEqualTo(1007);
    }
  }

  @Test
  void textThatEndsInTheMiddleOfACharacterIsRefused() {
    try (RawSocket raw = echoes.open()) {
      raw.write(
          frame(TEXT, false, new byte[] {(byte) 0xe2}),
          frame(CONTINUATION, true, new byte[] {(byte) 0x82}));
      assertThat(raw.closeCode()).isEqualTo(1007);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4, 5, 7})
  void reservedBitsThatNobodyAgreedOnAreAViolation(int reserved) {
    try (RawSocket raw = echoes.open()) {
      raw.write(frame(TEXT, true, reserved, bytes("x")));
      assertThat(raw.closeCode()).isEqualTo(1002);
      assertThat(raw.ended()).isTrue();
    }
  }

  @Test
  void afterAViolationTheConnectionEndsAlthoughThePeerGoesOn() {
    try (RawSocket raw = echoes.open()) {
      raw.write(frame(3, true, bytes("no such opcode")));
      for (int i = 0; i < 50; i++) {
        raw.write(frame(TEXT, true, new byte[1000]));
      }
      assertThat(raw.closeCode()).isEqualTo(1002);
      assertThat(raw.ended()).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1000, 1001, 1003, 1011, 3000, 4999})
  void aGoodbyeIsReturned(int code) {
    try (RawSocket raw = echoes.open()) {
      raw.write(frame(CLOSE, true, closing(code)));
      assertThat(raw.closeCode()).isEqualTo(code);
      assertThat(raw.ended()).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 999, 1004, 1005, 1006, 1016, 2999, 5000})
  void aGoodbyeWithACodeThatMeansNothingIsAViolation(int code) {
    try (RawSocket raw = echoes.open()) {
      raw.write(frame(CLOSE, true, closing(code)));
      assertThat(raw.closeCode()).isIn(1002, code >= 5000 ? code : 1002);
      assertThat(raw.ended()).isTrue();
    }
  }

  @Test
  void nothingIsSentAfterTheAnswerToAGoodbye() {
    try (RawSocket raw = echoes.open()) {
      raw.write(
          frame(TEXT, true, bytes("before")),
          frame(CLOSE, true, closing(1000)),
          frame(TEXT, true, bytes("after")),
          frame(PING, true, bytes("after")));
      assertThat(raw.read().text()).isEqualTo("before");
      assertThat(raw.read().closeCode()).isEqualTo(1000);
      assertThat(raw.ended()).isTrue();
    }
  }

  @Test
  void aMessageInManyPiecesIsHeldToTheSameLimits() {
    try (RawSocket raw = echoes.open()) {
      raw.write(frame(BINARY, true, bytes("admitted")));
      raw.read();
      raw.write(frame(BINARY, false, new byte[SOFT]), frame(CONTINUATION, true, new byte[1]));
      assertThat(raw.read().text()).isEqualTo("PAYLOAD_TOO_LARGE");
      raw.write(frame(BINARY, false, new byte[SOFT]), frame(CONTINUATION, true, new byte[0]));
      assertThat(raw.read().payload().length()).isEqualTo(SOFT);
      raw.write(frame(BINARY, false, new byte[HARD]), frame(CONTINUATION, false, new byte[1]));
      assertThat(raw.closeCode()).isEqualTo(1009);
    }
  }

  @Test
  void pingsOfAPeerThatDoesNotReadAreNotAllAnswered() {
    try (RawSocket raw = echoes.open()) {
      byte[] pings = new byte[0];
      byte[] one = frame(PING, true, new byte[125]);
      pings = java.util.Arrays.copyOf(pings, one.length * 1000);
      for (int i = 0; i < 1000; i++) {
        System.arraycopy(one, 0, pings, i * one.length, one.length);
      }
      for (int i = 0; i < MANY / 1000; i++) {
        raw.write(pings);
      }
      raw.write(frame(PING, true, bytes("last")));
      int pongs = 0;
      while (!raw.read().text().equals("last")) {
        pongs++;
      }
      assertThat(pongs).isLessThan(MANY);
      raw.write(frame(TEXT, true, bytes("still there")));
      assertThat(raw.read().text()).isEqualTo("still there");
    }
  }

  private static byte[] closing(int code) {
    return new byte[] {(byte) (code >> 8), (byte) code};
  }
}
