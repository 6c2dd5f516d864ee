package dev.flotilla.gateway.auth;

import dev.flotilla.config.Secret;
import dev.flotilla.identity.Ids;
import dev.flotilla.wire.Json;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Somebody on the way to a provider and back. Their browser carries it, sealed with the fleet's
/// secret: any node can take them in again, and nobody can make one up or look into it.
///
/// @param state what the provider has to bring back
/// @param nonce what the ID token has to answer
/// @param verifier what the code is good for nothing without (PKCE)
/// @param target the page that they wanted
public record Journey(String state, String nonce, String verifier, String target, Instant until) {

  public static Journey begin(@Nullable String target, Instant until) {
    return new Journey(
        Seal.newTicket(),
        Seal.newTicket(),
        Seal.newTicket(),
        target != null && isOwnPage(target) ? target : "/",
        until);
  }

  /// A path, and nothing that a browser takes for another host.
  private static boolean isOwnPage(String target) {
    return target.startsWith("/")
        && !target.startsWith("//")
        && target.chars().allMatch(c -> c > ' ' && c < 127 && c != '\\' && c != '"' && c != '<');
  }

  public String challenge() {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(StandardCharsets.US_ASCII));
      return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
    } catch (NoSuchAlgorithmException absent) {
      throw new IllegalStateException("Every JDK has SHA-256", absent);
    }
  }

  public String seal(Secret secret) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(Seal.close(key(secret), Json.text(this)));
  }

  /// Empty where it is not ours, over, or another one than the state tells of.
  public static Optional<Journey> open(
      @Nullable String sealed, @Nullable String state, Secret secret, Instant now) {
    if (sealed == null || state == null) {
      return Optional.empty();
    }
    try {
      String json = Seal.open(key(secret), Base64.getUrlDecoder().decode(sealed));
      Journey journey = Json.read(json, Journey.class);
      return journey.state().equals(state) && journey.until().isAfter(now)
          ? Optional.of(journey)
          : Optional.empty();
    } catch (IllegalArgumentException notOurs) {
      return Optional.empty();
    }
  }

  private static String key(Secret secret) {
    return Ids.sha256("oidc journey", secret.reveal());
  }
}
