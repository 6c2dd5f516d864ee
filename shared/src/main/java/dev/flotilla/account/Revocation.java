package dev.flotilla.account;

import dev.flotilla.identity.Principal;
import dev.flotilla.identity.Proof;
import dev.flotilla.identity.TenantId;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// What somebody had shown is no good any more: of a session or key for good, of a user what was
/// issued up to an instant, which lies in the far future while the user is disabled.
///
/// @param subject the id of a user, session or key
/// @param until nothing that it could refuse is alive after it; null is never
public record Revocation(
    Of kind, TenantId tenant, String subject, Instant at, @Nullable Instant until) {
  /// Whose proofs it takes back.
  public enum Of {
    USER,
    SESSION,
    KEY;

    public String stored() {
      return name().toLowerCase(Locale.ROOT);
    }

    public static Of stored(String text) {
      return valueOf(text.toUpperCase(Locale.ROOT));
    }
  }

  public boolean refuses(Principal principal) {
    Proof proof = principal.proof();
    return principal.tenant().equals(tenant)
        && switch (kind) {
          case USER -> principal.user().value().equals(subject) && !proof.issuedAt().isAfter(at);
          case SESSION -> proof.kind() == Proof.Kind.SESSION && subject.equals(proof.id());
          case KEY -> proof.kind() == Proof.Kind.KEY && subject.equals(proof.id());
        };
  }
}
