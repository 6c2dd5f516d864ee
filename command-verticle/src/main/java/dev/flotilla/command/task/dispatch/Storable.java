package dev.flotilla.command.task.dispatch;

import dev.flotilla.contract.Result.TaskOutcome;
import dev.flotilla.dispatch.RunState;

/// What instances say, as the fleet keeps it: without U+0000, which neither text nor jsonb can
/// hold, and bounded, because an event goes to every subscriber and stays in memory for a while.
/// What was cut says so.
final class Storable {
  /// The longest result, in characters.
  static final int MAX_RESULT = 256 * 1024;

  /// The longest reason or error message, in characters.
  static final int MAX_WORDS = 4 * 1024;

  private Storable() {}

  static String words(String text) {
    return bounded(text, MAX_WORDS);
  }

  static RunState of(RunState state) {
    return switch (state) {
      case RunState.Going going -> going;
      case RunState.Unreachable(String reason, boolean untried) ->
          new RunState.Unreachable(words(reason), untried);
      case RunState.Refused(String reason) -> new RunState.Refused(words(reason));
      case RunState.Aborted(String reason) -> new RunState.Aborted(words(reason));
      case RunState.Failed(String reason, String message, boolean retryable) ->
          new RunState.Failed(words(reason), words(message), retryable);
      case RunState.Succeeded(TaskOutcome done) ->
          new RunState.Succeeded(
              new TaskOutcome(
                  bounded(done.text(), MAX_RESULT),
                  done.durationMs(),
                  done.inputTokens(),
                  done.outputTokens(),
                  done.costUsd()));
    };
  }

  private static String bounded(String text, int limit) {
    String clean = text.replace("\0", "");
    if (clean.length() <= limit) {
      return clean;
    }
    // Not between the halves of one character.
    int end = Character.isHighSurrogate(clean.charAt(limit - 1)) ? limit - 1 : limit;
    return clean.substring(0, end) + "\n[cut: the instance said " + clean.length() + " characters]";
  }
}
