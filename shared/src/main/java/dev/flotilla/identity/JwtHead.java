package dev.flotilla.identity;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What a token says of its signature. It only says which keys are worth trying: each key has its
/// one algorithm, whatever a token says.
///
/// @param kid the key's name, where it has one
record JwtHead(String algorithm, @Nullable String kid) {
  private static final int PARTS = 3;
  private static final int LONGEST = 16_384;

  /// Empty where it is no signed token, or one that wants to be understood in a way that we do not.
  static Optional<JwtHead> of(String token) {
    String[] parts = token.split("\\.", -1);
    if (token.length() > LONGEST || parts.length != PARTS || parts[2].isEmpty()) {
      return Optional.empty();
    }
    try {
      JsonObject head = new JsonObject(Buffer.buffer(Base64.getUrlDecoder().decode(parts[0])));
      return head.getValue("alg") instanceof String algorithm && !head.containsKey("crit")
          ? Optional.of(
              new JwtHead(algorithm, head.getValue("kid") instanceof String kid ? kid : null))
          : Optional.empty();
    } catch (IllegalArgumentException | DecodeException unreadable) {
      return Optional.empty();
    }
  }
}
