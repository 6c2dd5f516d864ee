package dev.flotilla.fleet.bench.wire.load;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FrameWalkerTest {
  private static final int FINAL = 0x80;

  private final List<String> found = new ArrayList<>();
  private final ByteArrayOutputStream wire = new ByteArrayOutputStream();

  private void control(int opcode, ByteBuffer payload) {
    byte[] bytes = new byte[payload.remaining()];
    payload.get(bytes);
    found.add("control " + opcode + " " + new String(bytes, UTF_8));
  }

  private void frame(int first, String payload) {
    byte[] bytes = payload.getBytes(UTF_8);
    wire.write(first);
    if (bytes.length < 126) {
      wire.write(bytes.length);
    } else if (bytes.length < 65_536) {
      wire.write(126);
      wire.write(bytes.length >>> 8);
      wire.write(bytes.length);
    } else {
      wire.write(127);
      wire.writeBytes(ByteBuffer.allocate(Long.BYTES).putLong(bytes.length).array());
    }
    wire.writeBytes(bytes);
  }

  /// The whole wire in pieces of that size.
  private void walk(RecordShape shape, int piece) {
    walk(new Records(shape, (length, number) -> found.add(length + ":" + number)), piece);
  }

  private void walk(FrameWalker.Payload payload, int piece) {
    FrameWalker walker = new FrameWalker(payload, this::control);
    byte[] all = wire.toByteArray();
    for (int at = 0; at < all.length; at += piece) {
      walker.walk(ByteBuffer.wrap(all, at, Math.min(piece, all.length - at)));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 100, 1_000_000})
  void everyMessageIsFoundWhateverPiecesItComesIn(int piece) {
    frame(FINAL | Opcode.TEXT, "{\"n\":1000000001}");
    frame(FINAL | Opcode.PING, "");
    frame(FINAL | Opcode.TEXT, "{\"n\":1000000002}" + "x".repeat(200));
    frame(FINAL | Opcode.PING, "still there?");
    frame(FINAL | Opcode.TEXT, "{\"n\":1000000003}" + "x".repeat(70_000));
    frame(FINAL | Opcode.TEXT, "");
    walk(RecordShape.of("{\"n\":1000000000}", "{\"n\":", true), piece);
    assertThat(found)
        .containsExactly(
            "16:1000000001",
            "control 9 ",
            "216:1000000002",
            "control 9 still there?",
            "70016:1000000003",
            "0:0");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 5, 1000})
  void aMessageInSeveralFramesIsOneRecordAlsoWithAPingInside(int piece) {
    frame(Opcode.TEXT, "{\"n\":10000");
    frame(FINAL | Opcode.PING, "p");
    frame(Opcode.CONTINUATION, "000");
    frame(FINAL | Opcode.CONTINUATION, "07}");
    walk(RecordShape.of("{\"n\":1000000000}", "{\"n\":", true), piece);
    assertThat(found).containsExactly("control 9 p", "16:1000000007");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4, 9, 1000})
  void recordsThatKnowNothingOfFramesAreFoundAcrossThem(int piece) {
    String record = "MSG bench 1 16\r\n{\"n\":%d}\r\n";
    String stream =
        record.formatted(1_000_000_001)
            + "PING\r\n"
            + record.formatted(1_000_000_002)
            + record.formatted(1_000_000_003);
    frame(FINAL | Opcode.BINARY, stream.substring(0, 50));
    frame(FINAL | Opcode.BINARY, stream.substring(50, 55));
    frame(FINAL | Opcode.BINARY, stream.substring(55));
    walk(RecordShape.of(record.formatted(1_000_000_000), "{\"n\":", false), piece);
    assertThat(found).containsExactly("34:1000000001", "34:1000000002", "34:1000000003");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 5, 1_000_000})
  void wholeMessagesArePutTogetherWhateverTheyCameIn(int piece) {
    String large = "x".repeat(5_000);
    frame(Opcode.TEXT, "one ");
    frame(FINAL | Opcode.PING, "p");
    frame(FINAL | Opcode.CONTINUATION, "message");
    frame(FINAL | Opcode.TEXT, large);
    frame(FINAL | Opcode.TEXT, "short");
    walk(new Messages((bytes, length) -> found.add(new String(bytes, 0, length, UTF_8))), piece);
    assertThat(found).containsExactly("control 9 p", "one message", large, "short");
  }

  @Test
  void aMaskedFrameIsNotAServers() {
    FrameWalker walker = new FrameWalker(new Messages((_, _) -> {}), this::control);
    ByteBuffer masked = new ClientFrames().frame(Opcode.TEXT, "x".getBytes(UTF_8));
    assertThatThrownBy(() -> walker.walk(masked)).hasMessageContaining("must not mask");
  }

  @Test
  void aShapeNeedsANumber() {
    assertThatThrownBy(() -> RecordShape.of("nothing", "{\"n\":", true))
        .hasMessageContaining("nothing");
  }
}
