package dev.flotilla.contract;

import dev.flotilla.identity.InstanceId;
import dev.flotilla.identity.NodeId;
import dev.flotilla.identity.TaskId;
import dev.flotilla.identity.TenantId;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the fleet answers to an [OpsCommand].
public sealed interface OpsResult extends Result {

  /// @param home the instance where the conversation was last
  /// @param reason why there is no candidate
  /// @param instances candidates first, best first
  record RouteExplanation(
      TenantId tenant,
      @Nullable String session,
      @Nullable InstanceId home,
      @Nullable String reason,
      List<RouteCandidate> instances)
      implements OpsResult {}

  /// @param rank 1 for the first choice; null where it is no candidate
  /// @param group candidates of a lower one are used up before those of a higher one
  /// @param slots runs that it would take
  /// @param reason what speaks for or against it
  record RouteCandidate(
      InstanceId id,
      @Nullable Integer rank,
      @Nullable Integer group,
      @Nullable InstanceState state,
      int slots,
      int running,
      String reason) {}

  record RoutePolicy(
      TenantId tenant,
      @Nullable String region,
      @Nullable String zone,
      boolean otherRegions,
      boolean sharedPool)
      implements OpsResult {}

  record TopologyView(
      List<NodeLinks> nodes, List<RegionView> regions, List<Result.InstanceView> instances)
      implements OpsResult {}

  /// @param instances whose links it holds, as far as the caller's tenant may see them
  record NodeLinks(NodeId id, List<String> roles, URI url, List<InstanceId> instances) {}

  /// @param slots runs that its instances would take now, in all
  record RegionView(@Nullable String region, int instances, int ready, int slots, int running) {}

  /// @param ahead tasks that wait and come before it, of every tenant
  /// @param estimateMs about how long until it starts, at the pace of the last minutes
  /// @param reason why it waits
  record TaskPosition(
      TaskId id,
      TaskState state,
      @Nullable Integer ahead,
      @Nullable Long estimateMs,
      @Nullable String reason)
      implements OpsResult {}

  /// @param waiting calls that have not got through yet
  record WebhookView(
      String id,
      URI url,
      String createdBy,
      Instant createdAt,
      int waiting,
      @Nullable String lastError)
      implements OpsResult {}

  record WebhookPage(List<WebhookView> items) implements OpsResult {}

  record WebhookRemoved(String id) implements OpsResult {}

  /// @param asked the node that asked the others
  record NodeCheckups(NodeId asked, List<NodeState> items) implements OpsResult {}

  /// What a node said of itself. All but its id, URL and roles is there only where it answered.
  ///
  /// @param trouble why it did not answer
  /// @param tripMs until its answer was there
  /// @param skewMs how far its clock is ahead of the asking node's, give or take `tripMs`
  record NodeState(
      NodeId id,
      URI url,
      List<String> roles,
      @Nullable String trouble,
      @Nullable Double tripMs,
      @Nullable Long skewMs,
      @Nullable String version,
      @Nullable String java,
      @Nullable Instant startedAt,
      @Nullable Long openFiles,
      @Nullable Long maxFiles,
      @Nullable List<NodeId> members,
      @Nullable List<BusTrip> bus) {

    /// Of one that did not answer.
    public static NodeState silent(NodeId id, URI url, List<String> roles, String trouble) {
      return new NodeState(
          id, url, roles, trouble, null, null, null, null, null, null, null, null, null);
    }
  }

  /// @param lastMs of the last message to the peer that came back
  /// @param missed how many in a row were not answered
  record BusTrip(NodeId peer, @Nullable Double lastMs, int missed) {}
}
