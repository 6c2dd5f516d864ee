package dev.flotilla.gateway.auth;

import dev.flotilla.config.Oidc;
import dev.flotilla.fault.Fault;
import dev.flotilla.fault.FaultException;
import dev.flotilla.fault.Reason;
import dev.flotilla.identity.ApiKey;
import dev.flotilla.identity.Ids;
import dev.flotilla.identity.Role;
import dev.flotilla.identity.TenantId;
import dev.flotilla.identity.UserId;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Who somebody is here, by the claims of a provider.
///
/// @param subject the provider's own name for them
/// @param providerSession their session there, where it has a name
public record Whom(
    TenantId tenant,
    UserId user,
    Set<Role> roles,
    String subject,
    @Nullable String providerSession) {
  private static final String EMAIL = "email";

  /// Throws LOGIN_FAILED where they are nobody.
  static Whom of(JsonObject claims, Oidc config) {
    String claim = config.tenantClaim();
    String tenant = claim == null ? config.tenant() : text(claims, claim);
    String user = text(claims, config.userClaim());
    Set<Role> roles = EnumSet.noneOf(Role.class);
    texts(claims.getValue(config.rolesClaim()))
        .flatMap(value -> config.roleOf(value).stream())
        .forEach(roles::add);
    if (config.userClaim().equals(EMAIL)
        && !Boolean.TRUE.equals(claims.getValue("email_verified"))) {
      throw nobody("The provider has not verified the email.");
    }
    if (tenant == null || !Ids.isValid(tenant)) {
      throw nobody("The provider names no tenant.");
    }
    if (user == null || !Ids.isValid(user) || ApiKey.isUser(new UserId(user))) {
      throw nobody("The provider names no user who can be one here.");
    }
    if (roles.isEmpty()) {
      throw nobody("You have no role in this fleet.");
    }
    String subject = text(claims, "sub");
    if (subject == null) {
      throw nobody("The provider does not say who you are.");
    }
    return new Whom(new TenantId(tenant), new UserId(user), roles, subject, text(claims, "sid"));
  }

  private static FaultException nobody(String why) {
    return Fault.of(Reason.LOGIN_FAILED, why).asException();
  }

  private static @Nullable String text(JsonObject claims, String name) {
    return claims.getValue(name) instanceof String text ? text : null;
  }

  private static Stream<String> texts(@Nullable Object value) {
    return switch (value) {
      case JsonArray array ->
          array.stream().filter(String.class::isInstance).map(String.class::cast);
      case String text -> Stream.of(text);
      case null, default -> Stream.empty();
    };
  }
}
