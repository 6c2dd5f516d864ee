package dev.flotilla.contract;

import org.jspecify.annotations.Nullable;

/// What can be asked of conversations beside their messages.
public sealed interface ThreadCommand extends Command {

  /// Lists the tenant's conversations, the one with the newest message first.
  record ThreadList(@Nullable Integer limit, @Nullable String cursor) implements ThreadCommand {}

  /// Gives a conversation another title.
  record ThreadUpdate(String thread, String title) implements ThreadCommand {}

  /// Finds messages that were answered, newest first.
  ///
  /// @param q words that all have to be there; `"..."` for a phrase, `or`, and `-` for none of
  record ThreadSearch(
      String q, @Nullable String thread, @Nullable Integer limit, @Nullable String cursor)
      implements ThreadCommand {}

  /// Cancels what the agent is saying in a conversation or, where it says nothing, the first
  /// message that waits.
  record ThreadAbort(String thread) implements ThreadCommand {}
}
