package dev.flotilla.account;

import dev.flotilla.identity.TenantId;
import org.jspecify.annotations.Nullable;

/// Somebody says who they are.
///
/// @param name as it was typed
/// @param csrf true where the session is to be kept in cookies, which takes a second secret
/// @param address where it came from, and with what
public record LoginAsk(
    TenantId tenant,
    String name,
    String password,
    boolean csrf,
    @Nullable String address,
    @Nullable String agent,
    String correlationId) {

  /// Without the password: records end up in logs.
  @Override
  public String toString() {
    return "LoginAsk[" + tenant + "]";
  }
}
