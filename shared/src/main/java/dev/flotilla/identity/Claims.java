package dev.flotilla.identity;

import dev.flotilla.fault.Fault;
import dev.flotilla.fault.FaultException;
import dev.flotilla.fault.Reason;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The claims of a token that has been verified, and whom they prove.
record Claims(JsonObject json) {
  static final String SESSION = "sid";
  static final String CSRF = "csrf";
  static final String ISSUED_MS = "iat_ms";

  /// Of a token, whether it is good or not.
  static Claims unverified(String token) {
    byte[] claims = Base64.getUrlDecoder().decode(token.split("\\.", -1)[1]);
    return new Claims(new JsonObject(Buffer.buffer(claims)));
  }

  @Nullable Long number(String name) {
    return json.getValue(name) instanceof Number number ? Long.valueOf(number.longValue()) : null;
  }

  private @Nullable String text(String name) {
    return json.getValue(name) instanceof String text ? text : null;
  }

  private Stream<String> texts(String name) {
    return switch (json.getValue(name)) {
      case JsonArray array ->
          array.stream().filter(String.class::isInstance).map(String.class::cast);
      case String text -> Stream.of(text.split(" "));
      case null, default -> Stream.empty();
    };
  }

  /// Of a token of the fleet.
  Principal own() {
    return principal(List.of(Role.values()), ownProof(), Duration.ZERO);
  }

  /// Of a token of another issuer: it knows nothing of our sessions, and gives only the roles that
  /// it may.
  Principal of(Collection<Role> allowed, Duration leeway) {
    Long seconds = number("iat");
    Instant issued = Instant.ofEpochSecond(seconds == null ? 0 : seconds);
    return principal(allowed, new Proof(Proof.Kind.TOKEN, null, issued), leeway);
  }

  private Principal principal(Collection<Role> allowed, Proof proof, Duration leeway) {
    Long expires = number("exp");
    String tenant = text("tenant_id");
    String name = text("user_id");
    if (expires == null
        || tenant == null
        || name == null
        || !Ids.isValid(tenant)
        || !Ids.isValid(name)
        || ApiKey.isUser(new UserId(name))) {
      throw invalid();
    }
    Set<Role> roles = EnumSet.noneOf(Role.class);
    texts("roles").flatMap(text -> Role.named(text).stream()).forEach(roles::add);
    roles.retainAll(allowed);
    return new Principal(
        new TenantId(tenant),
        new UserId(name),
        roles,
        scopes(roles, allowed),
        Instant.ofEpochSecond(expires).plus(leeway),
        proof);
  }

  /// Seconds are too coarse to tell what came before a revocation from what came after: tokens of
  /// the fleet say milliseconds, too. A token that does not say when it was issued is older than
  /// every revocation.
  private Proof ownProof() {
    Long seconds = number("iat");
    Long millis = number(ISSUED_MS);
    Instant issued =
        millis == null
            ? Instant.ofEpochSecond(seconds == null ? 0 : seconds)
            : Instant.ofEpochMilli(millis);
    String session = text(SESSION);
    return new Proof(session == null ? Proof.Kind.TOKEN : Proof.Kind.SESSION, session, issued);
  }

  /// Roles grant scopes; a `scopes` claim narrows what the roles grant, or stands alone where the
  /// token names no role.
  private Set<Scope> scopes(Set<Role> roles, Collection<Role> allowed) {
    Set<Scope> granted = EnumSet.noneOf(Scope.class);
    roles.forEach(role -> granted.addAll(role.scopes()));
    if (json.getValue("scopes") == null) {
      return granted;
    }
    Set<Scope> most = EnumSet.noneOf(Scope.class);
    allowed.forEach(role -> most.addAll(role.scopes()));
    Set<Scope> named = EnumSet.noneOf(Scope.class);
    texts("scopes").flatMap(text -> Scope.named(text).stream()).forEach(named::add);
    named.retainAll(texts("roles").findAny().isEmpty() ? most : granted);
    return named;
  }

  static FaultException invalid() {
    return Fault.of(Reason.TOKEN_INVALID, "The token is not one of this fleet.").asException();
  }
}
