package dev.flotilla.contract;

import dev.flotilla.identity.AgentId;
import dev.flotilla.identity.InstanceId;
import dev.flotilla.identity.NodeId;
import dev.flotilla.identity.TaskId;
import dev.flotilla.identity.UserId;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the fleet answers to a [Command].
public sealed interface Result
    permits Result.TaskView,
        Result.TaskPage,
        Result.ThreadHistory,
        Result.AgentPage,
        Result.InstanceView,
        Result.InstancePage,
        Result.InstanceRemoved,
        Result.SystemView,
        Result.NodePage,
        Result.NodesRebalanced,
        Result.PresencePage,
        Result.AlertView,
        InstanceResult,
        PeerResult,
        OpsResult,
        QueueResult,
        WorkResult,
        ThreadResult,
        RetentionResult,
        AccessResult,
        TenantResult {

  /// A task as its tenant sees it. Instants are epoch milliseconds on the wire.
  ///
  /// @param attempt the number of the newest attempt, 0 before the first; also its fencing number
  /// @param instance where the newest attempt runs or ran
  /// @param waitReason why a pending task has not started, once the dispatcher has looked at it
  /// @param runAt when it may start, where that is not at once
  /// @param after the tasks that had to end before it
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
      @Nullable Instant finishedAt,
      @Nullable Instant runAt,
      @Nullable Instant deadline,
      @Nullable String concurrencyKey,
      @Nullable List<TaskId> after,
      @Nullable String schedule)
      implements Result {

    /// The same task without its prompt: what events carry, but for the first one of a task that
    /// names a conversation.
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
          finishedAt,
          runAt,
          deadline,
          concurrencyKey,
          after,
          schedule);
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

  /// A conversation, oldest message first.
  ///
  /// @param before asks for the messages before these; null where there are none
  /// @param live what the running task of the conversation has said so far
  /// @param position the messages are those of this moment; null where nothing has happened yet
  record ThreadHistory(
      String thread,
      List<ThreadMessage> messages,
      @Nullable String before,
      @Nullable LiveText live,
      @Nullable LogPosition position)
      implements Result {}

  /// A place in the tenant's event log: what was told up to it has been taken into account, and
  /// nothing that was told after it.
  record LogPosition(String epoch, long seq) {}

  /// What somebody said in a conversation: the prompt of a task, or what came of it.
  ///
  /// @param author the user who asked; null for what an agent said
  /// @param instance where the agent is that answered
  /// @param at when it was asked, or when the task had ended
  /// @param text null for a task that ended without a result
  /// @param error why it ended without one
  /// @param state the task's
  /// @param labels the task's, where callers find their own marks again
  record ThreadMessage(
      TaskId taskId,
      MessageRole role,
      @Nullable String author,
      @Nullable InstanceId instance,
      Instant at,
      @Nullable String text,
      @Nullable TaskError error,
      TaskState state,
      List<String> labels) {}

  /// The text that a running task has streamed so far, as [Fact.TaskOutput] has told it: a
  /// subscriber drops the pieces that it got before and whose index is less than `nextIndex`.
  ///
  /// @param nextIndex where the next piece begins, unless words are taken back
  /// @param partial true where the fleet does not know, for now, all that was said before
  record LiveText(TaskId taskId, int attempt, String text, long nextIndex, boolean partial) {}

  /// An agent and what it does for the tenant.
  ///
  /// @param status of its newest task; without one, whether it could take one
  /// @param reason why it is unavailable
  /// @param tasks the tenant's tasks that it works on, newest first
  record AgentView(
      AgentId id,
      InstanceId instance,
      AgentStatus status,
      @Nullable String reason,
      List<AgentTask> tasks) {}

  /// A task that an agent works on.
  ///
  /// @param tool which tool it uses for it
  record AgentTask(
      TaskId id,
      @Nullable String session,
      AgentStatus status,
      @Nullable String tool,
      @Nullable Instant startedAt) {}

  record AgentPage(List<AgentView> items) implements Result {}

  /// An instance: what was asked for (desired) and how it is (observed).
  ///
  /// @param revision rises with every change of what is wanted
  /// @param owner the node that holds the link
  /// @param observedAt when the observed part was last confirmed; older than 5 s means unknown
  /// @param running tasks of the fleet that run there now
  /// @param weight its share of the work, in percent of what its slots would give it
  /// @param wish what operators want, whatever state it is in
  /// @param slots runs that it would take now
  /// @param latencyMs how long it takes to begin a run, smoothed
  /// @param staleSince nobody has confirmed the state since then
  /// @param load by the instance's own account
  record InstanceView(
      InstanceId id,
      URI url,
      boolean shared,
      @Nullable String region,
      @Nullable String zone,
      List<String> capabilities,
      int maxConcurrency,
      long revision,
      InstanceState state,
      String reason,
      Instant since,
      @Nullable NodeId owner,
      @Nullable String version,
      @Nullable Integer running,
      @Nullable Instant observedAt,
      @Nullable LinkView link,
      Instant createdAt,
      List<String> labels,
      int weight,
      InstanceWish wish,
      @Nullable String wishReason,
      @Nullable Instant drainBy,
      @Nullable Instant drainedAt,
      @Nullable Integer slots,
      @Nullable Double latencyMs,
      @Nullable Instant staleSince,
      @Nullable InstanceLoad load)
      implements Result {}

  record InstancePage(List<InstanceView> items) implements Result {}

  record InstanceRemoved(InstanceId id) implements Result {}

  /// A node of the fleet, as the answering node sees it.
  ///
  /// @param sessions of a gateway node that says how many it has, for who may move them
  record NodeView(NodeId id, List<String> roles, URI url, @Nullable Integer sessions) {}

  record NodePage(List<NodeView> items) implements Result {}

  /// How the fleet is, as far as it serves one tenant.
  ///
  /// @param version of the node that answers
  /// @param instances those that serve the tenant, by state
  /// @param tasks the tenant's own that have not ended, by state
  record SystemView(
      String version, List<NodeView> nodes, List<InstanceCount> instances, List<TaskCount> tasks)
      implements Result {}

  record InstanceCount(InstanceState state, int count) {}

  record TaskCount(TaskState state, int count) {}

  /// A user who is online.
  ///
  /// @param since when the first of the sessions that overlap began
  record PresenceView(UserId user, Instant since) {}

  /// @param nextAfter `after` of the next page, absent on the last one
  record PresencePage(List<PresenceView> items, @Nullable UserId nextAfter) implements Result {}

  /// An alert that was raised.
  ///
  /// @param tenants how many tenants were told
  record AlertView(
      String id,
      AlertSeverity severity,
      String message,
      String source,
      int tenants,
      Instant raisedAt)
      implements Result {}

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
