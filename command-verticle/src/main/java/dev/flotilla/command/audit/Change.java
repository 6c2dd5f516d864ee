package dev.flotilla.command.audit;

import dev.flotilla.identity.Principal;
import dev.flotilla.identity.TenantId;
import dev.flotilla.wire.RawJson;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// One change, done or refused, by one actor.
///
/// @param proof what the actor had shown
/// @param outcome [#OK] or the reason of the refusal
/// @param fields what [Plain] has let through
public record Change(
    TenantId tenant,
    Instant at,
    String actor,
    String proof,
    String action,
    @Nullable String target,
    String outcome,
    RawJson fields,
    @Nullable String address,
    String correlationId) {
  public static final String OK = "OK";

  public static final RawJson NO_FIELDS = new RawJson("{}");

  /// The same in the log of another tenant, whose it is, too: there the actor is told by their own
  /// tenant as well, which no id of a user can look like.
  public Change in(TenantId other) {
    return new Change(
        other,
        at,
        tenant.value() + "/" + actor,
        proof,
        action,
        target,
        outcome,
        fields,
        address,
        correlationId);
  }

  public static Change by(
      Principal principal,
      Instant at,
      String action,
      @Nullable String target,
      String outcome,
      RawJson fields,
      String correlationId) {
    return new Change(
        principal.tenant(),
        at,
        principal.user().value(),
        principal.proof().text(),
        action,
        target,
        outcome,
        fields,
        null,
        correlationId);
  }
}
