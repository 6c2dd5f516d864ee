package dev.flotilla.contract;

import dev.flotilla.identity.InstanceId;
import dev.flotilla.identity.TaskId;
import dev.flotilla.identity.TenantId;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What operators can ask of instances and routing.
public sealed interface OpsCommand extends Command {

  /// Lets an instance take nothing new; what runs there goes on.
  record InstanceCordon(InstanceId id, @Nullable String reason) implements OpsCommand {}

  /// Lets an instance take work again, after a cordon or a drain.
  record InstanceUncordon(InstanceId id) implements OpsCommand {}

  /// Empties an instance.
  ///
  /// @param deadlineMs from now; what still runs then goes back to the queue
  record InstanceDrain(InstanceId id, @Nullable String reason, @Nullable Long deadlineMs)
      implements OpsCommand {}

  /// Says where a task would run, and why.
  ///
  /// @param tenant another one than the caller's takes the scope `fleet.admin`
  record RouteExplain(
      @Nullable TenantId tenant, @Nullable String session, @Nullable List<String> capability)
      implements OpsCommand {}

  record RoutePolicyGet(@Nullable TenantId tenant) implements OpsCommand {}

  /// Replaces where the tasks of a tenant may run, and where they should.
  record RoutePolicySet(
      @Nullable TenantId tenant,
      @Nullable String region,
      @Nullable String zone,
      @Nullable Boolean otherRegions,
      @Nullable Boolean sharedPool)
      implements OpsCommand {}

  /// Shows nodes, the links that they own, and instances by region.
  record TopologyGet() implements OpsCommand {}

  /// Says where a waiting task is in its queue, why it waits, and about how long.
  record TaskPosition(TaskId id) implements OpsCommand {}

  /// Has the fleet call a URL when something is wrong with the tenant's instances.
  ///
  /// @param secret signs the calls; never returned
  record WebhookCreate(URI url, String secret) implements OpsCommand {}

  record WebhookList() implements OpsCommand {}

  record WebhookDelete(String id) implements OpsCommand {}

  /// Asks each node of the fleet how it is, and how it sees the others.
  record NodeCheckup() implements OpsCommand {}
}
