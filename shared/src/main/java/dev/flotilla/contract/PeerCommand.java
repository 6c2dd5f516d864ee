package dev.flotilla.contract;

import dev.flotilla.identity.InstanceId;
import dev.flotilla.wire.RawJson;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What a client can ask instances themselves, through the owners of their links. Those with an
/// optional instance are asked of all that serve the tenant, where none is named.
public sealed interface PeerCommand extends Command {

  /// The one that is asked; null for all.
  @Nullable InstanceId instance();

  /// True for what is a tenant's own business. On an instance that tenants share, only who acts for
  /// the fleet may ask it.
  default boolean concernsTenants() {
    return true;
  }

  /// The agents that instances are configured with.
  record AgentCatalog(@Nullable InstanceId instance) implements PeerCommand {
    @Override
    public boolean concernsTenants() {
      return false;
    }
  }

  record ModelList(@Nullable InstanceId instance) implements PeerCommand {
    @Override
    public boolean concernsTenants() {
      return false;
    }
  }

  /// @param limit of each instance, 1 to 200, default 50
  record SessionList(
      @Nullable InstanceId instance,
      @Nullable Integer limit,
      @Nullable String search,
      @Nullable Boolean active)
      implements PeerCommand {}

  /// @param key as the instance names the conversation
  /// @param offset how many of the newest messages to leave out
  record SessionHistory(
      InstanceId instance, String key, @Nullable Integer limit, @Nullable Integer offset)
      implements PeerCommand {}

  record ChatAbort(InstanceId instance, String key, @Nullable String runId)
      implements PeerCommand {}

  record ApprovalList(@Nullable InstanceId instance) implements PeerCommand {}

  record ApprovalResolve(InstanceId instance, String id, ApprovalDecision decision)
      implements PeerCommand {}

  record CronList(@Nullable InstanceId instance) implements PeerCommand {}

  /// Exactly one of `cron`, `everyMs` and `at` is given.
  record CronAdd(
      InstanceId instance,
      String name,
      String message,
      @Nullable String cron,
      @Nullable String zone,
      @Nullable Long everyMs,
      @Nullable Instant at,
      @Nullable String agent,
      @Nullable Boolean enabled)
      implements PeerCommand {}

  /// Of what says when, at most one is given; what is not given stays as it is.
  record CronUpdate(
      InstanceId instance,
      String id,
      @Nullable String name,
      @Nullable String message,
      @Nullable String cron,
      @Nullable String zone,
      @Nullable Long everyMs,
      @Nullable Instant at,
      @Nullable String agent,
      @Nullable Boolean enabled)
      implements PeerCommand {}

  record CronRemove(InstanceId instance, String id) implements PeerCommand {}

  record CronRun(InstanceId instance, String id) implements PeerCommand {}

  /// @param reason for the instance's log
  record InstanceRestart(InstanceId instance, @Nullable String reason) implements PeerCommand {}

  /// Any other method that the configuration allows.
  record InstanceCall(InstanceId instance, String method, @Nullable RawJson params)
      implements PeerCommand {}
}
