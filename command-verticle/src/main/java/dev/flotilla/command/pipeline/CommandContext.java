package dev.flotilla.command.pipeline;

import dev.flotilla.command.store.Effects;
import dev.flotilla.command.store.Sql;
import dev.flotilla.contract.Fact;
import dev.flotilla.identity.Principal;
import dev.flotilla.identity.TenantId;
import java.time.Instant;

/// What a handler works with.
///
/// @param now the time of the command, in whole milliseconds as on the wire
/// @param sql the command's transaction; for one that only reads, any connection
/// @param effects recorded events and what follows the commit
public record CommandContext(
    Principal principal, String correlationId, Instant now, Sql sql, Effects effects) {

  public TenantId tenant() {
    return principal.tenant();
  }

  /// Records an event of the caller's own tenant.
  public void record(Fact fact) {
    record(tenant(), fact);
  }

  public void record(TenantId owner, Fact fact) {
    effects.record(owner, fact, principal.user().value(), correlationId);
  }
}
