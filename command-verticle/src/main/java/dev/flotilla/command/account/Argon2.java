package dev.flotilla.command.account;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

/// Argon2id hashes of passwords in the PHC form, `$argon2id$v=19$m=..,t=..,p=..$salt$hash`, which
/// carries its own cost: that of new ones can rise while old ones still verify. It takes tens of
/// milliseconds and megabytes by design: never on an event loop.
///
/// @param memoryKib and the other two: the cost of new hashes
public record Argon2(int memoryKib, int passes, int lanes) {
  /// What OWASP asks for at least.
  public static final Argon2 STANDARD = new Argon2(19_456, 2, 1);

  private static final int SALT_BYTES = 16;
  private static final int HASH_BYTES = 32;

  /// No stored hash may ask for more than this: it would be one that nobody of ours has made.
  private static final int MOST_MEMORY_KIB = 1 << 20;

  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Base64.Encoder ENCODER = Base64.getEncoder().withoutPadding();
  private static final Pattern FORM =
      Pattern.compile(
          "\\$argon2id\\$v=19\\$m=(\\d{1,7}),t=(\\d{1,3}),p=(\\d{1,2})"
              + "\\$([A-Za-z0-9+/]{11,86})\\$([A-Za-z0-9+/]{22,86})");

  public String hash(String password) {
    byte[] salt = new byte[SALT_BYTES];
    RANDOM.nextBytes(salt);
    byte[] hash = run(password, salt, HASH_BYTES);
    return "$argon2id$v=19$m=%d,t=%d,p=%d$%s$%s"
        .formatted(
            memoryKib, passes, lanes, ENCODER.encodeToString(salt), ENCODER.encodeToString(hash));
  }

  public static boolean verify(String password, String stored) {
    Matcher form = FORM.matcher(stored);
    if (!form.matches()) {
      throw new IllegalStateException("a stored hash of a password is not in the PHC form");
    }
    Argon2 cost = new Argon2(number(form, 1), number(form, 2), number(form, 3));
    if (cost.memoryKib > MOST_MEMORY_KIB) {
      throw new IllegalStateException("a stored hash of a password asks for too much memory");
    }
    byte[] hash = Base64.getDecoder().decode(form.group(5));
    byte[] salt = Base64.getDecoder().decode(form.group(4));
    return MessageDigest.isEqual(hash, cost.run(password, salt, hash.length));
  }

  private static int number(Matcher form, int group) {
    return Integer.parseInt(form.group(group));
  }

  private byte[] run(String password, byte[] salt, int length) {
    Argon2BytesGenerator generator = new Argon2BytesGenerator();
    generator.init(
        new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
            .withVersion(Argon2Parameters.ARGON2_VERSION_13)
            .withMemoryAsKB(memoryKib)
            .withIterations(passes)
            .withParallelism(lanes)
            .withSalt(salt)
            .build());
    byte[] hash = new byte[length];
    generator.generateBytes(password.getBytes(StandardCharsets.UTF_8), hash);
    return hash;
  }
}
