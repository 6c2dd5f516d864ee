package dev.flotilla.dispatch;

import dev.flotilla.identity.InstanceId;
import dev.flotilla.identity.TenantId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Asks where a task could run.
///
/// @param session the conversation to go on with, where the task names one
/// @param capabilities what the instance must offer: a capability, a label, `region=...`,
/// `zone=...`
/// @param bound the instance where an earlier attempt of the task was started and may still run; it
///     comes first while it is registered, in whatever state it is
/// @param home the instance where the conversation was last
/// @param skip leaves out so many of the best: they are all busy
public record RouteAsk(
    TenantId tenant,
    @Nullable String session,
    List<String> capabilities,
    @Nullable InstanceId bound,
    @Nullable InstanceId home,
    int skip) {

  public RouteAsk(
      TenantId tenant,
      @Nullable String session,
      List<String> capabilities,
      @Nullable InstanceId bound) {
    this(tenant, session, capabilities, bound, null, 0);
  }

  /// The same question for what comes after those.
  public RouteAsk after(int more) {
    return new RouteAsk(tenant, session, capabilities, bound, home, skip + more);
  }
}
