package dev.flotilla.identity;

import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What a provider sends when somebody has logged out there (OpenID Connect Back-Channel Logout
/// 1.0). It is no ID token, and no ID token is one: that has a nonce, and this has an event.
///
/// @param id its name, by which it counts once
/// @param subject who, unless the session says it alone
public record LogoutToken(
    String id, @Nullable String subject, @Nullable String session, Instant issuedAt) {
  private static final String EVENT = "http://schemas.openid.net/event/backchannel-logout";
  private static final Duration LEEWAY = Duration.ofSeconds(30);

  /// One that comes later was held back, or is sent again by somebody else.
  private static final Duration OLDEST = Duration.ofMinutes(5);

  private static final int LONGEST = 256;

  /// Empty where the claims, whose signature, issuer, audience and end were checked, are of
  /// something else, or of another time.
  static Optional<LogoutToken> of(JsonObject claims, Instant now) {
    String id = text(claims, "jti");
    String subject = text(claims, "sub");
    String session = text(claims, "sid");
    boolean isOne =
        claims.getValue("events") instanceof JsonObject events
            && events.getValue(EVENT) instanceof JsonObject
            && !claims.containsKey("nonce");
    if (!isOne
        || id == null
        || (subject == null && session == null)
        || !(claims.getValue("iat") instanceof Number seconds)) {
      return Optional.empty();
    }
    Instant issued = Instant.ofEpochSecond(seconds.longValue());
    return issued.isAfter(now.plus(LEEWAY)) || issued.isBefore(now.minus(OLDEST))
        ? Optional.empty()
        : Optional.of(new LogoutToken(id, subject, session, issued));
  }

  private static @Nullable String text(JsonObject claims, String name) {
    return claims.getValue(name) instanceof String text
            && !text.isEmpty()
            && text.length() <= LONGEST
        ? text
        : null;
  }
}
