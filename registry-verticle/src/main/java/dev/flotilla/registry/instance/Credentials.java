package dev.flotilla.registry.instance;

import dev.flotilla.config.Secret;
import dev.flotilla.contract.LinkStatus;
import dev.flotilla.contract.LinkView;
import dev.flotilla.identity.InstanceId;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What opens an instance, as far as this node could decrypt it.
///
/// @param deviceKey null where the instance has none yet
/// @param problem why there is no credential; null where there is one
public record Credentials(Secret token, @Nullable Secret deviceKey, @Nullable Problem problem) {

  /// @param reason in words for the operator
  public record Problem(LinkView link, String reason) {}

  /// No key of this node opens it.
  static Credentials sealed(String reason) {
    return missing(LinkView.of(LinkStatus.UNUSABLE), reason);
  }

  /// Somebody has revoked it: there is none until a new token is set.
  static Credentials revoked(InstanceId id) {
    LinkView link =
        new LinkView(
            LinkStatus.CREDENTIAL_REQUIRED,
            "PATCH /api/v1/registry/instances/" + id + " {\"token\":\"...\"}");
    return missing(link, "its credential was revoked, it needs a new token: " + link.action());
  }

  private static Credentials missing(LinkView link, String reason) {
    return new Credentials(new Secret(""), null, new Problem(link, reason));
  }

  boolean same(Credentials other) {
    return token.reveal().equals(other.token.reveal())
        && Objects.equals(text(deviceKey), text(other.deviceKey))
        && Objects.equals(problem, other.problem);
  }

  private static @Nullable String text(@Nullable Secret secret) {
    return secret == null ? null : secret.reveal();
  }
}
