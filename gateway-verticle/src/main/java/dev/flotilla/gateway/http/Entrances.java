package dev.flotilla.gateway.http;

import dev.flotilla.config.FleetConfig;
import dev.flotilla.gateway.auth.Accounts;
import dev.flotilla.gateway.auth.Provider;
import org.jspecify.annotations.Nullable;

/// Where sessions begin.
///
/// @param identity who may come in
/// @param provider null where nobody logs in elsewhere
public record Entrances(
    SocketRoutes sockets,
    StreamRoute stream,
    Accounts accounts,
    FleetConfig.Identity identity,
    @Nullable Provider provider) {

  /// True where no session begins any more, and nothing is changed.
  boolean draining() {
    return sockets.draining();
  }
}
