package dev.flotilla.contract;

import dev.flotilla.identity.InstanceId;
import dev.flotilla.wire.RawJson;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What instances say to a [PeerCommand]: of their many fields those that are the same in every
/// version, under the fleet's own names.
public sealed interface PeerResult extends Result {

  /// An instance that gave no answer.
  ///
  /// @param reason of the table of faults
  record PeerFailure(InstanceId instance, String reason, String message) {}

  /// @param partial true where instances gave no answer
  record AgentCatalog(List<AgentCard> items, List<PeerFailure> failures, boolean partial)
      implements PeerResult {}

  /// @param standard true where it is the one that runs what names none
  record AgentCard(
      InstanceId instance,
      String id,
      @Nullable String name,
      @Nullable String model,
      boolean standard) {}

  record ModelPage(List<ModelCard> items, List<PeerFailure> failures, boolean partial)
      implements PeerResult {}

  /// @param reason why it is not available
  record ModelCard(
      InstanceId instance,
      String id,
      @Nullable String provider,
      @Nullable String name,
      @Nullable Boolean available,
      @Nullable String reason,
      @Nullable Long contextWindow) {}

  record SessionPage(List<SessionCard> items, List<PeerFailure> failures, boolean partial)
      implements PeerResult {}

  /// @param key as the instance names it
  /// @param active a run goes on in it
  record SessionCard(
      InstanceId instance,
      String key,
      @Nullable String agent,
      @Nullable String label,
      @Nullable String status,
      boolean active,
      @Nullable String model,
      @Nullable Long inputTokens,
      @Nullable Long outputTokens,
      @Nullable Double costUsd,
      @Nullable Instant lastActivityAt) {}

  /// @param messages oldest first
  /// @param nextOffset asks for the messages before these
  record SessionHistory(
      InstanceId instance,
      String key,
      List<SessionMessage> messages,
      @Nullable Integer nextOffset,
      boolean active)
      implements PeerResult {}

  record SessionMessage(String role, String text, @Nullable Instant at) {}

  /// @param aborted false where nothing went on
  record ChatAborted(InstanceId instance, String key, boolean aborted, List<String> runIds)
      implements PeerResult {}

  record ApprovalPage(List<ApprovalCard> items, List<PeerFailure> failures, boolean partial)
      implements PeerResult {}

  /// @param text what is to be approved
  record ApprovalCard(
      InstanceId instance,
      String id,
      String kind,
      @Nullable String text,
      @Nullable String agent,
      @Nullable String session,
      @Nullable Instant createdAt,
      @Nullable Instant expiresAt) {}

  record ApprovalResolved(InstanceId instance, String id, ApprovalDecision decision)
      implements PeerResult {}

  record CronPage(List<CronCard> items, List<PeerFailure> failures, boolean partial)
      implements PeerResult {}

  /// @param schedule when it runs, in words
  record CronCard(
      InstanceId instance,
      String id,
      @Nullable String name,
      boolean enabled,
      @Nullable String schedule,
      @Nullable String agent,
      @Nullable Instant nextRunAt,
      @Nullable String lastStatus) {}

  /// @param done false where there was nothing to do
  /// @param runId the run that was started
  record CronChanged(InstanceId instance, String id, boolean done, @Nullable String runId)
      implements PeerResult {}

  /// @param status in the instance's words, such as `scheduled`
  record InstanceRestarting(InstanceId instance, String status, @Nullable String summary)
      implements PeerResult {}

  /// @param payload the answer as it is; what is no object is its field `value`
  record InstanceCalled(InstanceId instance, String method, RawJson payload)
      implements PeerResult {}
}
