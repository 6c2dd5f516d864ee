package dev.flotilla.contract;

import dev.flotilla.identity.InstanceId;
import dev.flotilla.identity.TaskId;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the fleet answers to a [ThreadCommand].
public sealed interface ThreadResult extends Result {

  /// @param title the beginning of its first message, until somebody gives it another
  /// @param instance where the agent is that remembers it
  /// @param messages that were said to the agent
  /// @param running the message that it is answering
  record ThreadView(
      String thread,
      String title,
      @Nullable InstanceId instance,
      long messages,
      @Nullable TaskId running,
      Instant begunAt,
      Instant lastAt)
      implements ThreadResult {}

  record ThreadPage(List<ThreadView> items, @Nullable String nextCursor) implements ThreadResult {}

  /// @param excerpt of the message and its answer, around the words
  record ThreadHit(String thread, String title, TaskId taskId, Instant at, String excerpt) {}

  record ThreadHits(List<ThreadHit> items, @Nullable String nextCursor) implements ThreadResult {}
}
