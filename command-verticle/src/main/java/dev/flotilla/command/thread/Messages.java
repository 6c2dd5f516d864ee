package dev.flotilla.command.thread;

import dev.flotilla.command.task.TaskRow;
import dev.flotilla.contract.MessageRole;
import dev.flotilla.contract.Result.TaskOutcome;
import dev.flotilla.contract.Result.ThreadMessage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/// A conversation as messages. Each task makes one of its prompt and, once it has ended, one of
/// what came of it; the next task's follow after that, as the agent has seen them.
final class Messages {
  private Messages() {}

  /// @param position orders the messages of a thread, and does not change as long as the task lives
  record Placed(long position, ThreadMessage message) {
    int characters() {
      String text = message.text();
      return text == null ? 0 : text.length();
    }
  }

  /// The largest ordinal of a task with messages before the position.
  static long lastOrdinal(long position) {
    return (position - 1) >> 1;
  }

  /// The messages of one task, newest first.
  static List<Placed> of(TaskRow task) {
    List<Placed> messages = new ArrayList<>();
    if (task.state().terminal()) {
      messages.add(new Placed(2 * task.ordinal() + 1, answer(task)));
    }
    messages.add(new Placed(2 * task.ordinal(), prompt(task)));
    return messages;
  }

  private static ThreadMessage prompt(TaskRow task) {
    return new ThreadMessage(
        task.id(),
        MessageRole.USER,
        task.createdBy(),
        null,
        task.createdAt(),
        task.prompt(),
        null,
        task.state(),
        task.labels());
  }

  private static ThreadMessage answer(TaskRow task) {
    TaskOutcome result = task.result();
    Instant at = Objects.requireNonNullElse(task.finishedAt(), task.createdAt());
    return new ThreadMessage(
        task.id(),
        MessageRole.ASSISTANT,
        null,
        task.runInstance(),
        at,
        result == null ? null : result.text(),
        result == null ? task.error() : null,
        task.state(),
        task.labels());
  }
}
