package dev.flotilla.command.task;

import dev.flotilla.identity.NodeId;

/// What follows the commit of a task command. Nothing of it can fail the command: what is lost here
/// is found in PostgreSQL later.
public interface TaskDesk {
  /// The task waits for an instance.
  void queued(TaskRow task);

  /// The task had ended, and waits for an instance again.
  void queuedAgain(TaskRow task);

  /// The task has ended without running.
  void ended(TaskRow task);

  /// The holder of the task's lease is to end its run.
  void cancelRequested(NodeId holder);
}
