package dev.flotilla.fleet.bench.wire.contender;

import dev.flotilla.fleet.bench.wire.load.RecordShape;
import java.nio.charset.StandardCharsets;

/// The event that every system carries: 180 bytes of JSON with a number, the same for all.
public final class BenchEvent {
  public static final int BYTES = 180;

  /// The first of all numbers; each has as many digits as this one.
  public static final long FIRST = 1_000_000_000L;

  /// What stands before the number.
  public static final String MARK = "{\"n\":";

  private static final String AFTER = ",\"text\":\"";
  private static final String END = "\"}";

  private BenchEvent() {}

  public static String text(long number) {
    String start = MARK + number + AFTER;
    return start + "x".repeat(BYTES - start.length() - END.length()) + END;
  }

  /// Puts another number where the first one is in a text that holds [#text].
  static void number(byte[] template, int at, long number) {
    long rest = number;
    for (int i = RecordShape.DIGITS - 1; i >= 0; i--) {
      template[at + i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
  }

  static int numberAt(byte[] template) {
    return new String(template, StandardCharsets.US_ASCII).indexOf(MARK) + MARK.length();
  }
}
