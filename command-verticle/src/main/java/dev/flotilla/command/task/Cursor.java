package dev.flotilla.command.task;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.flotilla.fault.Fault;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Where a page ended. Opaque to clients, so that what is in it can change.
///
/// @param position of the last thing on the page; the next page has smaller ones
public record Cursor(long position) {
  private static final Pattern FORM = Pattern.compile("v1:(\\d{1,18})");
  private static final Cursor START = new Cursor(Long.MAX_VALUE);

  public static Cursor parse(String field, @Nullable String text) {
    if (text == null) {
      return START;
    }
    try {
      Matcher matcher = FORM.matcher(new String(Base64.getUrlDecoder().decode(text), UTF_8));
      if (matcher.matches()) {
        return new Cursor(Long.parseLong(matcher.group(1)));
      }
    } catch (IllegalArgumentException notBase64) {
      throw invalid(field);
    }
    throw invalid(field);
  }

  private static RuntimeException invalid(String field) {
    return Fault.invalid(field, "The cursor is not one of this fleet.").asException();
  }

  public String text() {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(("v1:" + position).getBytes(UTF_8));
  }
}
