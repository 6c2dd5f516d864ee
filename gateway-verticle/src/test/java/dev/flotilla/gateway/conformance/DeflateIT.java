package dev.flotilla.gateway.conformance;

import static dev.flotilla.gateway.fixture.RawSocket.BINARY;
import static dev.flotilla.gateway.fixture.RawSocket.CONTINUATION;
import static dev.flotilla.gateway.fixture.RawSocket.PING;
import static dev.flotilla.gateway.fixture.RawSocket.TEXT;
import static dev.flotilla.gateway.fixture.RawSocket.frame;
import static org.assertj.core.api.Assertions.assertThat;

import dev.flotilla.gateway.fixture.Client;
import dev.flotilla.gateway.fixture.Gateways;
import dev.flotilla.gateway.fixture.RawSocket;
import dev.flotilla.gateway.fixture.Zip;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// permessage-deflate (RFC 7692) as the gateway does it, by hand, which the Autobahn suite of the
/// profile has no cases for.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DeflateIT {
  private static final int SOFT = 60_000;
  private static final int HARD = 200_000;
  private static final int COMPRESSED = 4;
  private static final String OFFER = "Sec-WebSocket-Extensions: permessage-deflate";
  private static final String LONG = "every message begins anew; ".repeat(40);

  private final Echoes echoes =
      Echoes.start(
          SOFT,
          HARD,
          Map.of(
              "FLOTILLA_GATEWAY_COMPRESSION", "on",
              "FLOTILLA_GATEWAY_COMPRESSION_THRESHOLD", "100"));

  @AfterAll
  void stop() {
    echoes.close();
  }

  /// A socket that compresses, and whose session has its principal.
  private RawSocket compressing() {
    RawSocket raw = echoes.open(OFFER);
    assertThat(raw.head()).contains("permessage-deflate");
    raw.write(RawSocket.text("hi"));
    assertThat(raw.read().text()).isEqualTo("hi");
    return raw;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void anOfferIsAnsweredWithoutContextTakeoverAtEitherEnd() {
    try (RawSocket raw = echoes.open(OFFER)) {
      assertThat(raw.head())
          .contains(
              "permessage-deflate; server_no_context_takeover; client_no_context_takeover\r\n");
    }
  }

  @Test
  void whoOffersNothingGetsNothing() {
    try (RawSocket raw = echoes.open()) {
      assertThat(raw.head()).doesNotContainIgnoringCase("extensions");
      raw.write(RawSocket.text(LONG));
      RawSocket.Frame answer = raw.read();
      assertThat(answer.reserved()).isZero();
      assertThat(answer.text()).isEqualTo(LONG);
    }
  }

  @Test
  void aCompressedMessageIsUnderstoodAndAnsweredCompressed() {
    try (RawSocket raw = compressing()) {
      raw.write(frame(TEXT, true, COMPRESSED, Zip.deflate(bytes(LONG))));
      RawSocket.Frame answer = raw.read();
      assertThat(answer.opcode()).isEqualTo(TEXT);
      assertThat(answer.reserved()).isEqualTo(COMPRESSED);
      assertThat(answer.payload().length()).isLessThan(LONG.length() / 4);
      assertThat(new String(Zip.inflate(answer.payload().getBytes()), StandardCharsets.UTF_8))
          .isEqualTo(LONG);
    }
  }

  @Test
  void noMessageLooksBackAtTheOneBefore() {
    try (RawSocket raw = compressing()) {
      byte[] compressed = frame(BINARY, true, COMPRESSED, Zip.deflate(bytes(LONG)));
      raw.write(compressed, compressed);
      RawSocket.Frame first = raw.read();
      assertThat(raw.read()).isEqualTo(first);
      assertThat(Zip.inflate(first.payload().getBytes())).isEqualTo(bytes(LONG));
    }
  }

  @Test
  void plainMessagesAreTakenAndSmallOnesStayPlain() {
    try (RawSocket raw = compressing()) {
      raw.write(RawSocket.text(LONG), RawSocket.text("x".repeat(99)));
      assertThat(raw.read().reserved()).isEqualTo(COMPRESSED);
      RawSocket.Frame small = raw.read();
      assertThat(small.reserved()).isZero();
      assertThat(small.text()).isEqualTo("x".repeat(99));
    }
  }

  @Test
  void aMessageLongerThanTheClientsWindowStaysPlain() {
    try (RawSocket raw = echoes.open(OFFER + "; server_max_window_bits=10")) {
      assertThat(raw.head()).contains("; server_max_window_bits=10\r\n");
      raw.write(RawSocket.text("x".repeat(1024)), RawSocket.text("x".repeat(1025)));
      assertThat(raw.read().reserved()).isEqualTo(COMPRESSED);
      assertThat(raw.read().reserved()).isZero();
    }
  }

  @Test
  void aCompressedMessageMayComeInPiecesWithPingsBetweenThem() {
    try (RawSocket raw = compressing()) {
      byte[] all = Zip.deflate(bytes(LONG));
      raw.write(
          frame(TEXT, false, COMPRESSED, Arrays.copyOf(all, 1)),
          frame(PING, true, bytes("between")),
          frame(CONTINUATION, false, new byte[0]),
          frame(CONTINUATION, false, Arrays.copyOfRange(all, 1, all.length)),
          frame(CONTINUATION, true, new byte[0]));
      assertThat(raw.read().text()).isEqualTo("between");
      assertThat(Zip.inflate(raw.read().payload().getBytes())).isEqualTo(bytes(LONG));
    }
  }

  @Test
  void aBlockThatIsSaidToBeTheLastOneIsUnderstood() {
    try (RawSocket raw = compressing()) {
      // The example of RFC 7692, 7.2.3.4.
      raw.write(frame(TEXT, true, COMPRESSED, Zip.hex("f348cdc9c9070000")));
      assertThat(raw.read().text()).isEqualTo("Hello");
      // And two blocks in one message, 7.2.3.5.
      raw.write(frame(TEXT, true, COMPRESSED, Zip.hex("f248050000 00ffff cac9c90700")));
      assertThat(raw.read().text()).isEqualTo("Hello");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 5, 6, 7})
  void otherReservedBitsAreAViolation(int reserved) {
    try (RawSocket raw = compressing()) {
      raw.write(frame(TEXT, true, reserved, Zip.deflate(bytes("x"))));
      assertThat(raw.closeCode()).isEqualTo(1002);
      assertThat(raw.ended()).isTrue();
    }
  }

  @Test
  void theMarkOnAnythingButTheFirstPieceOfAMessageIsAViolation() {
    try (RawSocket raw = compressing()) {
      raw.write(
          frame(TEXT, false, COMPRESSED, new byte[0]), frame(CONTINUATION, true, 4, new byte[1]));
      assertThat(raw.closeCode()).isEqualTo(1002);
    }
    try (RawSocket raw = compressing()) {
      raw.write(frame(PING, true, COMPRESSED, new byte[0]));
      assertThat(raw.closeCode()).isEqualTo(1002);
    }
  }

  @Test
  void whatIsNotCompressedAlthoughItSaysSoClosesTheSocket() {
    for (String corrupt : new String[] {"ffffffffff", "07", "0600", "05e0ff", "02"}) {
      try (RawSocket raw = compressing()) {
        raw.write(frame(BINARY, true, COMPRESSED, Zip.hex(corrupt)));
        assertThat(raw.closeCode()).as(corrupt).isEqualTo(1007);
      }
    }
  }

  @Test
  void compressedTextThatIsNotUtf8ClosesTheSocket() {
    try (RawSocket raw = compressing()) {
      raw.write(frame(TEXT, true, COMPRESSED, Zip.deflate(new byte[] {'a', (byte) 0xff})));
      assertThat(raw.closeCode()).isEqualTo(1007);
    }
  }

  @Test
  void theLimitsHoldForWhatComesOut() {
    try (RawSocket raw = compressing()) {
      raw.write(frame(BINARY, true, COMPRESSED, Zip.deflate(new byte[SOFT])));
      assertThat(Zip.inflate(raw.read().payload().getBytes())).hasSize(SOFT);
      raw.write(frame(BINARY, true, COMPRESSED, Zip.deflate(new byte[SOFT + 1])));
      assertThat(raw.read().text()).isEqualTo("PAYLOAD_TOO_LARGE");
      raw.write(frame(BINARY, true, COMPRESSED, Zip.deflate(new byte[HARD])));
      assertThat(raw.read().text()).isEqualTo("PAYLOAD_TOO_LARGE");
      raw.write(frame(BINARY, true, COMPRESSED, Zip.deflate(new byte[HARD + 1])));
      assertThat(raw.closeCode()).isEqualTo(1009);
    }
  }

  @Test
  void aBombIsNotBlownUp() {
    byte[] bomb = Zip.deflate(new byte[50_000_000]);
    assertThat(bomb.length).isLessThan(SOFT);
    try (RawSocket raw = compressing()) {
      raw.write(frame(TEXT, true, COMPRESSED, bomb));
      assertThat(raw.closeCode()).isEqualTo(1009);
    }
  }

  @Test
  void aStrangersBombIsHeldToAStrangersLimit() {
    try (RawSocket raw = RawSocket.opened(echoes.port(), "/events", OFFER)) {
      raw.write(frame(TEXT, true, COMPRESSED, Zip.deflate(new byte[65_537])));
      assertThat(raw.closeCode()).isEqualTo(1009);
    }
  }

  @Test
  void aMessageThatCannotBeCompressedMayBeAsLargeAsAny() {
    byte[] noise = new byte[SOFT];
    new java.util.Random(7).nextBytes(noise);
    try (RawSocket raw = compressing()) {
      raw.write(frame(BINARY, true, COMPRESSED, Zip.deflate(noise)));
      RawSocket.Frame answer = raw.read();
      assertThat(answer.reserved()).isZero();
      assertThat(answer.payload().getBytes()).isEqualTo(noise);
    }
  }

  @Test
  void anEventIsTheSameBytesForEverySocketThatCompresses() {
    try (RawSocket one = subscriber(OFFER);
        RawSocket two = subscriber(OFFER);
        RawSocket plain = subscriber("X-None: of it")) {
      echoes.gateways().recordLarge(Gateways.ACME, 1, 5_000);
      RawSocket.Frame seen = one.read();
      assertThat(seen.reserved()).isEqualTo(COMPRESSED);
      assertThat(two.read()).isEqualTo(seen);
      RawSocket.Frame same = plain.read();
      assertThat(same.reserved()).isZero();
      assertThat(Zip.inflate(seen.payload().getBytes())).isEqualTo(same.payload().getBytes());
      assertThat(new JsonObject(same.text()).getLong("seq")).isPositive();
    }
  }

  private RawSocket subscriber(String header) {
    RawSocket raw = RawSocket.opened(echoes.port(), "/events", header);
    raw.write(
        RawSocket.text(Client.connectFrame(echoes.gateways().token(Gateways.ACME)).encode()),
        RawSocket.text(
            "{\"type\":\"req\",\"id\":\"s\",\"method\":\"subscribe\","
                + "\"params\":{\"topics\":[\"tasks\"]}}"));
    for (String answer = ""; !answer.contains("\"id\":\"s\""); ) {
      answer = text(raw.read());
    }
    return raw;
  }

  private static String text(RawSocket.Frame frame) {
    return frame.reserved() == COMPRESSED
        ? new String(Zip.inflate(frame.payload().getBytes()), StandardCharsets.UTF_8)
        : frame.text();
  }
}
