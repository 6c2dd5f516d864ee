package dev.flotilla.fleet.bench.wire.contender;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.flotilla.fleet.bench.wire.load.ClientFrames;
import java.nio.ByteBuffer;

/// How a publisher puts an event on the wire: one frame, in which only the number changes.
public final class Publication {
  private final int opcode;
  private final byte[] payload;
  private final int numberAt;
  private final ClientFrames frames = new ClientFrames();

  /// @param payload of the frame, with the first of all events in it
  public Publication(int opcode, String payload) {
    this.opcode = opcode;
    this.payload = payload.getBytes(US_ASCII);
    this.numberAt = BenchEvent.numberAt(this.payload);
  }

  public int opcode() {
    return opcode;
  }

  /// The payload of the frame that publishes the event of that number.
  public String text(long number) {
    BenchEvent.number(payload, numberAt, number);
    return new String(payload, US_ASCII);
  }

  public int frameBytes() {
    return ClientFrames.LONGEST_HEADER + payload.length;
  }

  /// Appends the frame.
  public void put(ByteBuffer out, long number) {
    BenchEvent.number(payload, numberAt, number);
    frames.put(out, opcode, payload);
  }
}
