package dev.flotilla.gateway.auth;

import dev.flotilla.config.FleetConfig;
import dev.flotilla.config.Secret;
import dev.flotilla.identity.Ids;
import dev.flotilla.identity.Principal;
import dev.flotilla.identity.Proof;
import dev.flotilla.identity.Role;
import dev.flotilla.identity.TenantId;
import dev.flotilla.identity.UserId;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Who may come in without a token of the fleet, to dialects that take guests: the holders of the
/// static token, and on a machine of one's own everybody. All of them are one viewer of one tenant.
///
/// @param open true where no credential is needed
/// @param tokenHash of the static token, null where there is none
/// @param tenant null where there are no guests
record Guests(boolean open, @Nullable String tokenHash, @Nullable TenantId tenant, Clock clock) {
  private static final UserId NAME = new UserId("guest");
  private static final Instant NEVER = Instant.parse("9999-12-31T00:00:00Z");

  static Guests of(FleetConfig.Gateway config, Clock clock) {
    Secret token = config.authToken();
    String tenant = config.guestTenant();
    return new Guests(
        !config.authRequired(),
        token == null ? null : hash(token.reveal()),
        tenant == null ? null : new TenantId(tenant),
        clock);
  }

  /// Empty where the credential is not a guest's.
  Optional<Principal> admit(Credential credential) {
    boolean guest =
        switch (credential) {
          case Credential.None(boolean local) -> open && local;
          case Credential.Token(Secret token) -> isStatic(token.reveal());
          case Credential.Cookie(Secret token, _) -> isStatic(token.reveal());
          case Credential.Ticket _, Credential.Unfit _ -> false;
        };
    return guest ? Optional.ofNullable(tenant).map(this::viewer) : Optional.empty();
  }

  /// Takes the same time whatever was sent: hashes of equal length are compared as a whole.
  private boolean isStatic(String token) {
    return tokenHash != null && MessageDigest.isEqual(bytes(tokenHash), bytes(hash(token)));
  }

  private static String hash(String token) {
    return Ids.sha256("static token", token);
  }

  private static byte[] bytes(String hash) {
    return hash.getBytes(StandardCharsets.US_ASCII);
  }

  /// What it has shown counts from now on: it says nothing of when it was issued, and must not look
  /// older than the tenant, where that was made anew.
  private Principal viewer(TenantId owner) {
    Proof shown = new Proof(Proof.Kind.TOKEN, null, clock.instant());
    return new Principal(owner, NAME, Set.of(Role.VIEWER), Role.VIEWER.scopes(), NEVER, shown);
  }
}
