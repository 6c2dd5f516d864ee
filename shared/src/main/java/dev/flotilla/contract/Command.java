package dev.flotilla.contract;

import dev.flotilla.identity.InstanceId;
import dev.flotilla.identity.NodeId;
import dev.flotilla.identity.TaskId;
import dev.flotilla.identity.UserId;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a client can ask of the fleet. Each is a row of the command table, [CommandKind].
public sealed interface Command
    permits Command.TaskCreate,
        Command.TaskGet,
        Command.TaskList,
        Command.TaskCancel,
        Command.TaskRetry,
        Command.ThreadHistory,
        Command.AgentList,
        Command.InstanceRegister,
        Command.InstanceGet,
        Command.InstanceList,
        Command.InstanceRemove,
        Command.SystemGet,
        Command.NodeList,
        Command.NodeRebalance,
        Command.PresenceList,
        Command.AlertRaise,
        InstanceCommand,
        PeerCommand,
        OpsCommand,
        QueueCommand,
        ThreadCommand,
        RetentionCommand,
        AccessCommand,
        TenantCommand,
        WorkCommand {

  /// Queues a prompt for an agent.
  ///
  /// @param prompt what the agent is told, 1 to 65,536 characters
  /// @param session the conversation on the instance to go on with; a task without one gets its own
  /// @param capabilities what an instance must have to take the task
  /// @param timeoutMs how long one attempt may run, 1,000 to 86,400,000 ms
  /// @param maxAttempts attempts before the task is dead, 1 to 10
  /// @param labels the caller's own marks, returned as they came
  /// @param delayMs from now until it may start; not together with `runAt`
  /// @param deadline when it expires
  /// @param concurrencyKey tasks of the tenant with the same key share the next two
  /// @param concurrencyLimit tasks of the key that run at the same time
  /// @param after ids of tasks that have to end before, or `#n` for the n-th of a batch
  record TaskCreate(
      String prompt,
      @Nullable Priority priority,
      @Nullable String session,
      @Nullable List<String> capabilities,
      @Nullable Long timeoutMs,
      @Nullable Integer maxAttempts,
      @Nullable List<String> labels,
      @Nullable Long delayMs,
      @Nullable Instant runAt,
      @Nullable Instant deadline,
      @Nullable Retry retry,
      @Nullable String concurrencyKey,
      @Nullable Integer concurrencyLimit,
      @Nullable Rate rateLimit,
      @Nullable List<String> after,
      @Nullable AfterFailure afterFailure)
      implements Command {

    /// With the fleet's defaults for the rest.
    public static TaskCreate of(
        String prompt,
        @Nullable Priority priority,
        @Nullable String session,
        @Nullable List<String> capabilities) {
      return new TaskCreate(
          prompt,
          priority,
          session,
          capabilities,
          null,
          null,
          null,
          null,
          null,
          null,
          null,
          null,
          null,
          null,
          null,
          null);
    }
  }

  /// How further attempts of a task are made.
  ///
  /// @param delayMs the longest first wait; doubles with each further one
  /// @param finalErrors reasons after which there is no other attempt
  record Retry(
      @Nullable Long delayMs, @Nullable Long maxDelayMs, @Nullable List<String> finalErrors) {}

  /// How often tasks of a key may start: so many within any such time.
  record Rate(int starts, long perMs) {}

  record TaskGet(TaskId id) implements Command {}

  /// Lists the tenant's tasks, newest first.
  ///
  /// @param limit 1 to 200, default 50
  /// @param cursor `nextCursor` of the page before
  record TaskList(
      @Nullable TaskState state,
      @Nullable Priority priority,
      @Nullable String label,
      @Nullable String session,
      @Nullable String schedule,
      @Nullable Integer limit,
      @Nullable String cursor)
      implements Command {}

  /// Cancels a queued task at once, a running one together with its run on the instance.
  record TaskCancel(TaskId id, @Nullable String reason) implements Command {}

  /// Queues a failed, dead, cancelled or expired task again, under its own id and with its history.
  record TaskRetry(TaskId id) implements Command {}

  /// Reads the newest messages of a conversation, and what is being said in it right now.
  ///
  /// @param thread the conversation: the `session` of its tasks
  /// @param limit messages, 1 to 200, default 50
  /// @param before `before` of an earlier answer: only messages older than those
  record ThreadHistory(String thread, @Nullable Integer limit, @Nullable String before)
      implements Command {}

  /// Lists what the agents that serve the tenant do for it right now.
  record AgentList() implements Command {}

  /// Makes an OpenClaw gateway known to the fleet. It serves the caller's tenant only, unless
  /// `shared` is set, which takes the scope `fleet.admin`.
  ///
  /// @param url `ws://` or `wss://` address of the gateway
  /// @param token the gateway's own token; never returned
  /// @param maxConcurrency runs at the same time, 1 to 1,000
  /// @param labels what tasks may ask for beside capabilities
  /// @param weight its share of the work, in percent of what its slots would give it
  record InstanceRegister(
      InstanceId id,
      URI url,
      String token,
      @Nullable String region,
      @Nullable String zone,
      @Nullable List<String> capabilities,
      @Nullable Integer maxConcurrency,
      @Nullable Boolean shared,
      @Nullable List<String> labels,
      @Nullable Integer weight)
      implements Command {}

  record InstanceGet(InstanceId id) implements Command {}

  record InstanceList() implements Command {}

  /// Takes an instance out of the fleet: its link is closed and nothing is routed to it any more.
  record InstanceRemove(InstanceId id) implements Command {}

  /// Says how the fleet is, as far as it serves the caller's tenant.
  record SystemGet() implements Command {}

  record NodeList() implements Command {}

  /// Lists who of the tenant is online anywhere in the fleet, by name.
  ///
  /// @param limit 1 to 1,000, default 200
  /// @param after the last user of the page before
  record PresenceList(@Nullable Integer limit, @Nullable UserId after) implements Command {}

  /// Tells everybody of the tenant something, who is there now and who resumes later.
  ///
  /// @param message 1 to 2,000 characters
  /// @param severity `info` where it is not given
  /// @param source who says so; the caller where it is not given
  /// @param system true to say it as a notice of the system, too
  /// @param allTenants true to tell every tenant of the fleet, which takes the scope `fleet.admin`
  record AlertRaise(
      String message,
      @Nullable AlertSeverity severity,
      @Nullable String source,
      @Nullable Boolean system,
      @Nullable Boolean allTenants)
      implements Command {}

  /// Sends sessions from gateway nodes that have more than their share to those that have less, in
  /// paced rounds. Their clients are told where to, and resume there.
  ///
  /// @param node the only one to send sessions away; all that have too many if absent
  /// @param fraction of each surplus that is moved, above 0; all of it if absent
  record NodeRebalance(@Nullable NodeId node, @Nullable Double fraction) implements Command {}
}
