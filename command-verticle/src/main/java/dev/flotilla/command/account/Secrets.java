package dev.flotilla.command.account;

import dev.flotilla.identity.Ids;
import java.security.SecureRandom;
import java.util.Base64;

/// Random secrets that are given away once and kept as their hash. They have 256 bits: unlike a
/// password's, their hash needs no cost.
final class Secrets {
  private static final int BYTES = 32;
  private static final SecureRandom RANDOM = new SecureRandom();

  private Secrets() {}

  /// 43 characters of base64url.
  static String next() {
    byte[] bytes = new byte[BYTES];
    RANDOM.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  static String refreshHash(String token) {
    return Ids.sha256("refresh token", token);
  }

  static String csrfHash(String csrf) {
    return Ids.sha256("csrf", csrf);
  }
}
