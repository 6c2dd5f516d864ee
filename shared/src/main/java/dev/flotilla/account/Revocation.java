package dev.flotilla.account;

import dev.flotilla.fault.Fault;
import dev.flotilla.fault.Reason;
import dev.flotilla.identity.Principal;
import dev.flotilla.identity.Proof;
import dev.flotilla.identity.TenantId;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// What somebody had shown is no good any more: of a session or key for good, of a user what was
/// issued up to an instant, which lies in the far future while the user is disabled, or the tenant
/// suspended.
///
/// @param subject the id of a tenant, user, session or key
/// @param until nothing that it could refuse is alive after it; null is never
public record Revocation(
    Of kind, TenantId tenant, String subject, Instant at, @Nullable Instant until) {
  /// Later than any proof is issued.
  public static final Instant FOR_GOOD = Instant.parse("9999-12-31T00:00:00Z");

  /// Before any proof is issued.
  public static final Instant NEVER = Instant.parse("0001-01-01T00:00:00Z");

  /// Whose proofs it takes back.
  public enum Of {
    /// All of a tenant.
    TENANT,
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

  /// What the holder is told.
  public Fault fault() {
    return kind == Of.TENANT && at.equals(FOR_GOOD)
        ? Fault.of(Reason.TENANT_SUSPENDED, "The tenant is suspended.")
        : Fault.of(Reason.TOKEN_REVOKED, "The credential was revoked.");
  }

  public boolean refuses(Principal principal) {
    Proof proof = principal.proof();
    return principal.tenant().equals(tenant)
        && switch (kind) {
          case TENANT -> !proof.issuedAt().isAfter(at);
          case USER -> principal.user().value().equals(subject) && !proof.issuedAt().isAfter(at);
          case SESSION -> proof.kind() == Proof.Kind.SESSION && subject.equals(proof.id());
          case KEY -> proof.kind() == Proof.Kind.KEY && subject.equals(proof.id());
        };
  }
}
