package dev.flotilla.config;

import dev.flotilla.identity.Role;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Where the public keys are of an issuer that is not the fleet, and what its tokens are good for.
public record Jwks(
    @Key(doc = "File with the public keys (JWKS), read again every refresh.") @Nullable String file,
    @Key(doc = "URL of the public keys (JWKS), https or loopback; instead of file.")
        @Nullable String url,
    @Key(doc = "`iss` of its tokens; needed with file or url.") @Nullable String issuer,
    @Key(doc = "`aud` of its tokens; needed with file or url.") @Nullable String audience,
    @Key(
            doc = "Algorithms that are taken: RS256, ES256, EdDSA. A key is good for one only.",
            value = "[RS256, ES256, EdDSA]")
        List<String> algorithms,
    @Key(
            doc = "Roles that its tokens may give; others in them give nothing.",
            value = "[viewer, operator, admin]")
        List<Role> roles,
    @Key(
            doc = "How often its keys are read. One that it has taken out is no good after that.",
            value = "5m")
        Duration refresh,
    @Key(doc = "By how much its clock may differ.", value = "30s") Duration leeway) {
  private static final Set<String> KNOWN = Set.of("RS256", "ES256", "EdDSA");

  /// No such issuer.
  public static final Jwks NONE =
      new Jwks(
          null,
          null,
          null,
          null,
          List.of("RS256"),
          List.of(),
          Duration.ofMinutes(5),
          Duration.ofSeconds(30));

  public Jwks {
    algorithms = List.copyOf(algorithms);
    roles = List.copyOf(roles);
    Check.that(file == null || url == null, "identity.jwks.url", "must not be set beside file");
    Check.that(
        url == null || isSafe(URI.create(url)),
        "identity.jwks.url",
        "must be https, or http on loopback");
    boolean used = file != null || url != null;
    Check.that(!used || issuer != null, "identity.jwks.issuer", "must be set with file or url");
    Check.that(!used || audience != null, "identity.jwks.audience", "must be set with file or url");
    Check.that(
        !algorithms.isEmpty() && KNOWN.containsAll(algorithms),
        "identity.jwks.algorithms",
        "must be some of RS256, ES256 and EdDSA");
    Check.that(
        refresh.compareTo(Duration.ofSeconds(1)) >= 0,
        "identity.jwks.refresh",
        "must be at least 1s");
    Check.that(
        !leeway.isNegative() && leeway.compareTo(Duration.ofMinutes(5)) <= 0,
        "identity.jwks.leeway",
        "must be 0s to 5m");
  }

  public boolean used() {
    return file != null || url != null;
  }

  private static boolean isSafe(URI url) {
    return "https".equals(url.getScheme())
        || ("http".equals(url.getScheme()) && Access.isLoopback(String.valueOf(url.getHost())));
  }
}
