package dev.flotilla.command.activity;

import dev.flotilla.fault.Fault;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Where a reader of the log has stopped, in one of the forms in which clients remember it.
sealed interface Since {
  /// 1973 in seconds: a smaller number is no time that anybody means.
  long LEAST_SECONDS = 100_000_000L;

  /// 1973 in milliseconds, and the year 5138 in seconds.
  long LEAST_MILLIS = 100_000_000_000L;

  /// The year 9999 in milliseconds: nothing later is a time that is stored.
  long MOST = 253_402_300_799_999L;

  record Beginning() implements Since {}

  /// @param epoch null where only the seq is given
  record Place(long seq, @Nullable String epoch) implements Since {}

  /// What happened at that time is read again: a clock is not exact enough to leave it out.
  record Time(Instant at) implements Since {}

  /// `42@epoch` is how the work dialect names events.
  Pattern POSITION = Pattern.compile("(\\d{1,16})@([!-~]{1,100})");

  Pattern NUMBER = Pattern.compile("\\d{1,16}");

  static Since parse(@Nullable String text) {
    if (text == null) {
      return new Beginning();
    }
    Matcher position = POSITION.matcher(text);
    if (position.matches()) {
      return new Place(Long.parseLong(position.group(1)), position.group(2));
    }
    if (NUMBER.matcher(text).matches()) {
      return number(Long.parseLong(text));
    }
    try {
      return new Time(OffsetDateTime.parse(text).toInstant());
    } catch (DateTimeParseException noTime) {
      throw Fault.invalid(
              "since",
              "since is a position, a seq, or a time in seconds, milliseconds or ISO 8601.")
          .asException();
    }
  }

  private static Since number(long number) {
    if (number > MOST) {
      throw Fault.invalid("since", "since is after the year 9999.").asException();
    }
    if (number < LEAST_SECONDS) {
      return new Place(number, null);
    }
    return new Time(
        number < LEAST_MILLIS ? Instant.ofEpochSecond(number) : Instant.ofEpochMilli(number));
  }
}
