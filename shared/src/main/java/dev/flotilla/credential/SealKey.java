package dev.flotilla.credential;

import dev.flotilla.config.Secret;
import dev.flotilla.identity.Ids;
import java.util.HexFormat;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/// A key and its name. The name comes from the key itself, so nobody can mix them up.
record SealKey(String id, SecretKey key) {
  private static final int ID_LENGTH = 8;

  /// @param hex 64 hexadecimal digits, as the configuration has checked
  static SealKey of(Secret hex) {
    byte[] bytes = HexFormat.of().parseHex(hex.reveal());
    String id = Ids.sha256("flotilla key id", HexFormat.of().formatHex(bytes));
    return new SealKey(id.substring(0, ID_LENGTH), new SecretKeySpec(bytes, "AES"));
  }

  @Override
  public String toString() {
    return "key " + id;
  }
}
