package dev.flotilla.identity;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The key of a machine: the id under which it is stored, and a random secret of which only the
/// hash is. It is told from a JWT by its first letters.
///
/// @param id a UUID
/// @param secret 43 characters of base64url
public record ApiKey(String id, String secret) {
  private static final String PREFIX = Ids.KEY_PREFIX;
  private static final String USER = "key-";
  private static final Pattern FORM =
      Pattern.compile(
          PREFIX
              + "([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})"
              + "([A-Za-z0-9_-]{43})");

  public static boolean looksLikeOne(String token) {
    return token.startsWith(PREFIX);
  }

  public static Optional<ApiKey> parse(String token) {
    Matcher form = FORM.matcher(token);
    if (!form.matches()) {
      return Optional.empty();
    }
    String id =
        String.join("-", form.group(1), form.group(2), form.group(3), form.group(4), form.group(5));
    return Optional.of(new ApiKey(id, form.group(6)));
  }

  /// As its owner sends it.
  public String text() {
    return PREFIX + id.replace("-", "") + secret;
  }

  /// As it is stored. The secret has 256 random bits: there is nothing to guess.
  public String hash() {
    return Ids.sha256("api key", id, secret);
  }

  /// Whom it acts for.
  public UserId user() {
    return new UserId(USER + id);
  }

  /// True of ids that only keys have: no person has one.
  public static boolean isUser(UserId user) {
    return user.value().startsWith(USER);
  }

  @Override
  public String toString() {
    return "ApiKey[" + id + "]";
  }
}
