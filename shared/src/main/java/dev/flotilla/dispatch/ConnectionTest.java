package dev.flotilla.dispatch;

import dev.flotilla.identity.InstanceId;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/// Asks what happens when the fleet connects.
///
/// @param instance a registered one; null where `url` and `token` say what to connect to
public record ConnectionTest(
    @Nullable InstanceId instance, @Nullable URI url, @Nullable String token) {
  @Override
  public String toString() {
    return "ConnectionTest[" + (instance == null ? url : instance) + "]";
  }
}
