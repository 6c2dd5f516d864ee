package dev.flotilla.command.account;

import dev.flotilla.command.pipeline.CommandContext;
import dev.flotilla.contract.AccessCommand;
import dev.flotilla.contract.AccessResult;
import dev.flotilla.contract.AccessResult.ApiKeyView;
import dev.flotilla.fault.Fault;
import dev.flotilla.identity.ApiKey;
import dev.flotilla.identity.Ids;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;

/// Keys of machines. They are the tenant's, and outlive who made them.
public record KeyDesk(KeyStore keys, Revoker revoker, Clock clock) {
  private static final int PAGE = 50;
  private static final Duration LIFETIME = Duration.ofDays(90);
  private static final Duration LONGEST = Duration.ofDays(400);

  AccessResult.ApiKeyCreated create(AccessCommand.ApiKeyCreate asked, CommandContext context) {
    asked.scopes().forEach(context.principal()::require);
    Instant expiresAt = Objects.requireNonNullElse(asked.expiresAt(), context.now().plus(LIFETIME));
    if (!expiresAt.isAfter(context.now()) || expiresAt.isAfter(context.now().plus(LONGEST))) {
      throw Fault.invalid("expiresAt", "expiresAt is from now to 400 days from now.").asException();
    }
    ApiKey key = new ApiKey(Ids.next(clock), Secrets.next());
    ApiKeyView view =
        new ApiKeyView(
            key.id(),
            asked.name(),
            asked.scopes().stream().distinct().toList(),
            context.principal().user().value(),
            context.now(),
            expiresAt,
            null);
    keys.insert(context.sql(), context.tenant(), view, key.hash());
    context.made(view);
    return new AccessResult.ApiKeyCreated(
        key.id(), view.name(), view.scopes(), expiresAt, key.text());
  }

  AccessResult.ApiKeyPage list(AccessCommand.ApiKeyList asked, CommandContext context) {
    int limit = Objects.requireNonNullElse(asked.limit(), PAGE);
    return new AccessResult.ApiKeyPage(
        keys.list(context.sql(), context.tenant(), context.now(), limit));
  }

  /// The second time finds it, too, and changes nothing.
  AccessResult.ApiKeyRevoked revoke(AccessCommand.ApiKeyRevoke asked, CommandContext context) {
    KeyStore.Locked found =
        keys.lock(context.sql(), context.tenant(), asked.id())
            .orElseThrow(() -> Fault.notFound("API key", asked.id()).asException());
    if (!found.revoked()) {
      keys.revoke(context.sql(), context.tenant(), asked.id(), context.now());
      context.gone(found.key());
    }
    Instant expiresAt = found.key().expiresAt();
    revoker.key(
        context.sql(), context.effects(), context.tenant(), asked.id(), expiresAt, context.now());
    return new AccessResult.ApiKeyRevoked(asked.id());
  }
}
