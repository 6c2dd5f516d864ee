package dev.flotilla.contract;

import dev.flotilla.identity.InstanceId;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a client can ask about one instance after it was registered.
public sealed interface InstanceCommand extends Command {

  /// Changes what is given of an instance, and nothing else.
  ///
  /// @param revision the one that the change is meant for; null changes whatever is there
  /// @param token a new one; the link moves to it, and runs go on
  /// @param region an empty text takes it away, also of `zone`
  record InstanceUpdate(
      InstanceId id,
      @Nullable Long revision,
      @Nullable URI url,
      @Nullable String token,
      @Nullable String region,
      @Nullable String zone,
      @Nullable List<String> capabilities,
      @Nullable Integer maxConcurrency,
      @Nullable Boolean shared,
      @Nullable List<String> labels,
      @Nullable Integer weight)
      implements InstanceCommand {
    @Override
    public String toString() {
      return "InstanceUpdate[" + id + "]";
    }
  }

  /// Forgets the token of an instance and the device key by which it knows the fleet, and closes
  /// the link. With a new token it goes on.
  record InstanceCredentialRevoke(InstanceId id, @Nullable String reason)
      implements InstanceCommand {}

  /// Connects once, and says what happened.
  ///
  /// @param id a registered instance; null where `url` and `token` are given
  record InstanceTest(@Nullable InstanceId id, @Nullable URI url, @Nullable String token)
      implements InstanceCommand {
    @Override
    public String toString() {
      return "InstanceTest[" + (id == null ? url : id) + "]";
    }
  }
}
