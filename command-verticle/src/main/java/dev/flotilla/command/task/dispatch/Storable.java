package dev.flotilla.command.task.dispatch;

import dev.flotilla.contract.Result.TaskOutcome;
import dev.flotilla.dispatch.RunState;

/// Text from instances as PostgreSQL takes it: without U+0000, which neither text nor jsonb can
/// hold.
final class Storable {
  private Storable() {}

  static String text(String text) {
    return text.replace("\0", "");
  }

  static RunState of(RunState state) {
    return switch (state) {
      case RunState.Going going -> going;
      case RunState.Unreachable(String reason) -> new RunState.Unreachable(text(reason));
      case RunState.Refused(String reason) -> new RunState.Refused(text(reason));
      case RunState.Aborted(String reason) -> new RunState.Aborted(text(reason));
      case RunState.Failed(String reason, String message, boolean retryable) ->
          new RunState.Failed(text(reason), text(message), retryable);
      case RunState.Succeeded(TaskOutcome done) ->
          new RunState.Succeeded(
              new TaskOutcome(
                  text(done.text()),
                  done.durationMs(),
                  done.inputTokens(),
                  done.outputTokens(),
                  done.costUsd()));
    };
  }
}
