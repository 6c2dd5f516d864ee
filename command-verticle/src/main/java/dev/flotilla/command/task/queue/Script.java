package dev.flotilla.command.task.queue;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;

/// The scripts of the queue, one per transition. Each is the file of its name behind `common.lua`.
enum Script {
  ADD,
  TAKE,
  SLOT,
  PARK,
  RELEASE,
  RENEW,
  FINISH,
  EXPIRE,
  WAKE,
  RULES,
  INSPECT,
  TOTALS,
  PLACE,
  IDS,
  BUILDING,
  BUILT,
  DEPTH;

  private final String text = read("common") + read(name().toLowerCase(Locale.ROOT));
  private final String sha = sha1(text);

  String text() {
    return text;
  }

  /// How Redis calls it once it knows it.
  String sha() {
    return sha;
  }

  private static String read(String name) {
    try (InputStream in = Script.class.getResourceAsStream(name + ".lua")) {
      if (in == null) {
        throw new IllegalStateException("There is no script " + name);
      }
      return new String(in.readAllBytes(), UTF_8);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  private static String sha1(String text) {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-1").digest(text.getBytes(UTF_8)));
    } catch (NoSuchAlgorithmException absent) {
      throw new IllegalStateException("Every JDK has SHA-1", absent);
    }
  }
}
