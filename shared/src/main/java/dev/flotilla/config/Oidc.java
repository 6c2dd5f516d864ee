package dev.flotilla.config;

import dev.flotilla.identity.Ids;
import dev.flotilla.identity.Role;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// An OpenID provider that people log in at, and what its claims mean here.
public record Oidc(
    @Key(doc = "The provider: the `iss` of its ID tokens, below which its metadata is.")
        @Nullable String issuer,
    @Key(doc = "What the fleet is called at the provider; needed with issuer.")
        @Nullable String clientId,
    @Key(doc = "The fleet's password at the provider; none for a public client.")
        @Nullable Secret clientSecret,
    @Key(
            doc =
                "Where the provider sends people back to, as it is registered there:"
                    + " https://fleet.example.com/api/v1/auth/oidc/callback; needed with issuer.")
        @Nullable String callback,
    @Key(doc = "Scopes that are asked for.", value = "[openid, profile, email]")
        List<String> scopes,
    @Key(doc = "Tenant of everybody who comes this way; this or tenantClaim.")
        @Nullable String tenant,
    @Key(doc = "Claim with the tenant.") @Nullable String tenantClaim,
    @Key(
            doc =
                "Claim with the user's id; one that its owner cannot change. An email counts only"
                    + " where email_verified says so.",
            value = "sub")
        String userClaim,
    @Key(doc = "Claim with the user's roles or groups.", value = "roles") String rolesClaim,
    @Key(
            doc =
                "Which of them is which role, such as fleet-ops=operator. Who has none is not let"
                    + " in.",
            value = "[]")
        List<String> roles) {
  /// No such provider.
  public static final Oidc NONE =
      new Oidc(null, null, null, null, List.of(), null, null, "sub", "roles", List.of());

  public Oidc {
    scopes = List.copyOf(scopes);
    roles = List.copyOf(roles);
    if (issuer != null) {
      Check.that(
          isSafe(issuer), "identity.oidc.issuer", "must be a URL: https, or http on loopback");
      Check.that(clientId != null, "identity.oidc.clientId", "must be set with issuer");
      Check.that(
          callback != null && URI.create(callback).getHost() != null,
          "identity.oidc.callback",
          "must be a URL, and set with issuer");
      Check.that(scopes.contains("openid"), "identity.oidc.scopes", "must have openid in it");
      Check.that(
          (tenant == null) != (tenantClaim == null),
          "identity.oidc.tenant",
          "must be set with issuer, or else tenantClaim");
      Check.that(
          tenant == null || Ids.isValid(tenant), "identity.oidc.tenant", "must be a tenant's id");
      Check.that(!roles.isEmpty(), "identity.oidc.roles", "must be set with issuer");
    }
    Check.that(
        roles.stream().allMatch(each -> role(each).isPresent()),
        "identity.oidc.roles",
        "must hold claim=role, with viewer, operator, admin or platform");
  }

  public boolean used() {
    return issuer != null;
  }

  /// The role that a value of the claim stands for.
  public Optional<Role> roleOf(String value) {
    return roles.stream()
        .filter(each -> each.substring(0, each.lastIndexOf('=')).equals(value))
        .findFirst()
        .flatMap(Oidc::role);
  }

  private static Optional<Role> role(String mapping) {
    int at = mapping.lastIndexOf('=');
    return at < 1 ? Optional.empty() : Role.named(mapping.substring(at + 1));
  }

  private static boolean isSafe(String url) {
    URI uri = URI.create(url);
    return uri.getHost() != null
        && ("https".equals(uri.getScheme())
            || ("http".equals(uri.getScheme()) && Access.isLoopback(uri.getHost())));
  }
}
