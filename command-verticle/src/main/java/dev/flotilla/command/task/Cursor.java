package dev.flotilla.command.task;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.flotilla.fault.Fault;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Where a page of tasks ended. Opaque to clients, so that what is in it can change.
///
/// @param ordinal of the last task of the page; the next page has smaller ones
record Cursor(long ordinal) {
  private static final Pattern FORM = Pattern.compile("v1:(\\d{1,18})");
  private static final Cursor START = new Cursor(Long.MAX_VALUE);

  static Cursor parse(@Nullable String text) {
    if (text == null) {
      return START;
    }
    try {
      Matcher matcher = FORM.matcher(new String(Base64.getUrlDecoder().decode(text), UTF_8));
      if (matcher.matches()) {
        return new Cursor(Long.parseLong(matcher.group(1)));
      }
    } catch (IllegalArgumentException notBase64) {
      throw invalid();
    }
    throw invalid();
  }

  private static RuntimeException invalid() {
    return Fault.invalid("cursor", "The cursor is not one of this fleet.").asException();
  }

  String text() {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(("v1:" + ordinal).getBytes(UTF_8));
  }
}
