package dev.flotilla.contract;

import dev.flotilla.identity.InstanceId;
import dev.flotilla.identity.NodeId;
import dev.flotilla.identity.TaskId;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the fleet answers to a [Command].
public sealed interface Result {

  /// A task as its tenant sees it. Instants are epoch milliseconds on the wire.
  ///
  /// @param attempt the number of the newest attempt, 0 before the first; also its fencing number
  /// @param instance where the newest attempt runs or ran
  /// @param waitReason why a pending task has not started, once the dispatcher has looked at it
  record TaskView(
      TaskId id,
      TaskState state,
      Priority priority,
      @Nullable String prompt,
      @Nullable String session,
      List<String> capabilities,
      List<String> labels,
      int attempt,
      int maxAttempts,
      @Nullable InstanceId instance,
      @Nullable String waitReason,
      @Nullable TaskOutcome result,
      @Nullable TaskError error,
      String createdBy,
      Instant createdAt,
      @Nullable Instant startedAt,
      @Nullable Instant finishedAt)
      implements Result {

    /// The same task without its prompt: what events carry.
    public TaskView withoutPrompt() {
      return new TaskView(
          id,
          state,
          priority,
          null,
          session,
          capabilities,
          labels,
          attempt,
          maxAttempts,
          instance,
          waitReason,
          result,
          error,
          createdBy,
          createdAt,
          startedAt,
          finishedAt);
    }
  }

  /// What a succeeded task brought, as its instance reported it.
  ///
  /// @param inputTokens tokens read by the model, where the instance says so
  /// @param costUsd as the instance reported it
  record TaskOutcome(
      String text,
      @Nullable Long durationMs,
      @Nullable Long inputTokens,
      @Nullable Long outputTokens,
      @Nullable Double costUsd) {}

  /// Why a task ended without a result, or why its last attempt did.
  record TaskError(String reason, String message) {}

  record TaskPage(List<TaskView> items, @Nullable String nextCursor) implements Result {}

  /// An instance: what was asked for (desired) and how it is (observed).
  ///
  /// @param owner the node that holds the link
  /// @param observedAt when the observed part was last confirmed; older than 5 s means unknown
  /// @param running tasks of the fleet that run there now
  record InstanceView(
      InstanceId id,
      URI url,
      boolean shared,
      @Nullable String region,
      @Nullable String zone,
      List<String> capabilities,
      int maxConcurrency,
      InstanceState state,
      String reason,
      Instant since,
      @Nullable NodeId owner,
      @Nullable String version,
      @Nullable Integer running,
      @Nullable Instant observedAt,
      Instant createdAt)
      implements Result {}

  record InstancePage(List<InstanceView> items) implements Result {}

  record InstanceRemoved(InstanceId id) implements Result {}

  /// A node of the fleet, as the answering node sees it.
  ///
  /// @param sessions of a gateway node that says how many it has, for who may move them
  record NodeView(NodeId id, List<String> roles, URI url, @Nullable Integer sessions) {}

  record NodePage(List<NodeView> items) implements Result {}

  /// What was begun: sessions leave one round after the other.
  ///
  /// @param moving how many, over all nodes
  record NodesRebalanced(int moving, List<NodeShare> items) implements Result {}

  /// A gateway node and its sessions.
  ///
  /// @param sessions before anything moved
  /// @param leaving sessions that it was told to send away
  /// @param arriving sessions that others were told to send to it
  record NodeShare(NodeId id, int sessions, int leaving, int arriving) {}
}
