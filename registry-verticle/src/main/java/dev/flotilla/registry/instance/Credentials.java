package dev.flotilla.registry.instance;

import dev.flotilla.config.Secret;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What opens an instance, as far as this node could decrypt it.
///
/// @param deviceKey null where the instance has none yet
/// @param problem why there is no credential; null where there is one
public record Credentials(Secret token, @Nullable Secret deviceKey, @Nullable String problem) {
  static Credentials missing(String problem) {
    return new Credentials(new Secret(""), null, problem);
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
