package dev.flotilla.embedded;

/// Waiting for another process, which offers nothing better than to look again.
final class Waiting {
  private Waiting() {}

  /// False also for a process that has ended and whose parent has not yet taken note of it: it
  /// shows no command any more.
  static boolean stillRuns(ProcessHandle process) {
    return process.isAlive() && process.info().command().isPresent();
  }

  static void aMoment() {
    try {
      Thread.sleep(10);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
