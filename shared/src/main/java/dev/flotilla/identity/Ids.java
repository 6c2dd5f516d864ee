package dev.flotilla.identity;

import dev.flotilla.fault.Fault;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.HexFormat;
import java.util.UUID;

/// How ids look and how new ones are made.
public final class Ids {
  /// Ids travel in addresses, topics, URLs, metric labels and Redis keys: letters, digits and a few
  /// marks that need no escaping in any of them.
  public static final String PATTERN = "[A-Za-z0-9][A-Za-z0-9._@-]{0,127}";

  /// How API keys begin: one that is pasted where an id belongs must not be written down as one.
  static final String KEY_PREFIX = "flk_";

  private static final int MAX_LENGTH = 128;
  private static final SecureRandom RANDOM = new SecureRandom();

  private Ids() {}

  /// Throws a VALIDATION_ERROR unless the value is 1 to 128 of the allowed characters.
  static void check(String what, String value) {
    if (!isValid(value)) {
      throw Fault.invalid(
              what,
              "A "
                  + what
                  + " id has 1 to 128 letters, digits or . _ @ - and starts with a letter"
                  + " or digit.")
          .asException();
    }
  }

  /// What [#PATTERN] says, and no API key, at the cost of a glance: every row and event names
  /// several ids.
  public static boolean isValid(String value) {
    if (value.isEmpty() || value.length() > MAX_LENGTH || !isLetterOrDigit(value.charAt(0))) {
      return false;
    }
    for (int i = 1; i < value.length(); i++) {
      char mark = value.charAt(i);
      if (!isLetterOrDigit(mark) && mark != '.' && mark != '_' && mark != '@' && mark != '-') {
        return false;
      }
    }
    return !value.startsWith(KEY_PREFIX);
  }

  private static boolean isLetterOrDigit(char mark) {
    return (mark >= 'a' && mark <= 'z')
        || (mark >= 'A' && mark <= 'Z')
        || (mark >= '0' && mark <= '9');
  }

  /// A UUID of version 7: unique, and later ones sort after earlier ones, which keeps indexes
  /// dense.
  public static String next(Clock clock) {
    byte[] bytes = new byte[16];
    RANDOM.nextBytes(bytes);
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    long high = (clock.millis() << 16) | 0x7000 | (buffer.getShort(6) & 0x0fff);
    long low = (buffer.getLong(8) & 0x3fffffffffffffffL) | 0x8000000000000000L;
    return new UUID(high, low).toString();
  }

  /// The actor as a UUID, as the seed's `actor_id UUID` column wants it: version 5 of tenant and
  /// user (requirements R0-032, C27).
  public static UUID actor(TenantId tenant, UserId user) {
    byte[] hash = sha1(tenant.value() + "\u0000" + user.value());
    ByteBuffer buffer = ByteBuffer.wrap(hash);
    long high = (buffer.getLong(0) & ~0xf000L) | 0x5000L;
    long low = (buffer.getLong(8) & 0x3fffffffffffffffL) | 0x8000000000000000L;
    return new UUID(high, low);
  }

  /// Lower-case hexadecimal SHA-256 of the parts, which cannot run into each other.
  public static String sha256(String... parts) {
    MessageDigest digest = digest("SHA-256");
    for (String part : parts) {
      byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
      digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, bytes.length).array());
      digest.update(bytes);
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static byte[] sha1(String text) {
    return digest("SHA-1").digest(text.getBytes(StandardCharsets.UTF_8));
  }

  private static MessageDigest digest(String algorithm) {
    try {
      return MessageDigest.getInstance(algorithm);
    } catch (NoSuchAlgorithmException absent) {
      throw new IllegalStateException("Every JDK has " + algorithm, absent);
    }
  }
}
