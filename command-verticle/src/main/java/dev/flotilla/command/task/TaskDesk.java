package dev.flotilla.command.task;

import dev.flotilla.identity.NodeId;
import java.util.List;

/// What follows the commit of a task command. Nothing of it can fail the command: what is lost here
/// is found in PostgreSQL later.
public interface TaskDesk {
  /// The tasks wait for an instance, or for their time.
  void queued(List<TaskRow> tasks);

  /// The tasks had ended, and wait for an instance again.
  void queuedAgain(List<TaskRow> tasks);

  /// The tasks have ended without running.
  void ended(List<TaskRow> tasks);

  /// The holder of the task's lease is to end its run.
  void cancelRequested(NodeId holder);

  /// Pauses, shares or budgets have changed.
  void rulesChanged();
}
