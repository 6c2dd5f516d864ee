package dev.flotilla.fleet.up;

import dev.flotilla.config.FleetConfig;
import dev.flotilla.fleet.StartFailure;
import dev.flotilla.fleet.users.UserClient;
import dev.flotilla.identity.Role;
import dev.flotilla.identity.TenantId;
import dev.flotilla.identity.UserId;
import java.net.URI;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The user whom a new data directory gets, so that somebody can log in.
record FirstAdmin(UpState state) {
  private static final UserId NAME = new UserId("admin");
  private static final String MADE = "first-admin";

  /// @return what to tell the user, once: empty where there is somebody already
  Optional<String> make(NodeProcess node) throws StartFailure, InterruptedException {
    if (state.has(MADE)) {
      return Optional.empty();
    }
    FleetConfig config = node.config();
    TenantId tenant = new TenantId(config.accounts().defaultTenant());
    UserClient users = new UserClient(URI.create(node.url()), config.identity());
    @Nullable String password = null;
    if (!users.hasUsers(tenant)) {
      password = UserClient.newPassword();
      users.add(tenant, NAME, Role.PLATFORM, password);
    }
    state.note(MADE);
    return Optional.ofNullable(password)
        .map(
            made ->
                "flotilla admin: user "
                    + NAME
                    + " of tenant "
                    + tenant
                    + ", password "
                    + made
                    + " (shown once)");
  }
}
