package dev.flotilla.command.task.dispatch;

import dev.flotilla.command.task.TaskRow;
import dev.flotilla.identity.Ids;

/// The conversation on the instance that a task's run belongs to.
///
/// A named session is hashed together with its tenant: on an instance that tenants share, no choice
/// of names and no folding of case makes two of them meet.
final class SessionKeys {
  private static final int LENGTH = 40;

  private SessionKeys() {}

  static String of(TaskRow task) {
    String session = task.session();
    return session == null
        ? "flotilla-task-" + task.id().value()
        : "flotilla-session-" + Ids.sha256(task.tenant().value(), session).substring(0, LENGTH);
  }
}
