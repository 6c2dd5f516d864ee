package dev.flotilla.command.pipeline;

import dev.flotilla.command.audit.Differences;
import dev.flotilla.command.store.Effects;
import dev.flotilla.command.store.Sql;
import dev.flotilla.contract.Fact;
import dev.flotilla.identity.Principal;
import dev.flotilla.identity.TenantId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What a handler works with.
///
/// @param now the time of the command, in whole milliseconds as on the wire
/// @param sql the command's transaction; for one that only reads, any connection
/// @param effects recorded events and what follows the commit
/// @param trace the `traceparent` of the command
public record CommandContext(
    Principal principal,
    String correlationId,
    Instant now,
    Sql sql,
    Effects effects,
    @Nullable String trace) {

  public TenantId tenant() {
    return principal.tenant();
  }

  /// Tells the audit log what the command changes.
  public void changed(Record before, Record after) {
    effects.changed(Differences.of(before, after));
  }

  /// The same for what the command makes.
  public void made(Record thing) {
    effects.changed(Differences.made(thing));
  }

  /// The same for what the command takes away.
  public void gone(Record thing) {
    effects.changed(Differences.gone(thing));
  }

  /// Records an event of the caller's own tenant.
  public void record(Fact fact) {
    record(tenant(), fact);
  }

  public void record(TenantId owner, Fact fact) {
    effects.record(owner, fact, principal.user().value(), correlationId);
  }
}
