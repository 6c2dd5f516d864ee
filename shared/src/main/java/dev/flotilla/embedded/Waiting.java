package dev.flotilla.embedded;

/// Waiting for another process, which offers nothing better than to look again.
final class Waiting {
  private Waiting() {}

  static void aMoment() {
    try {
      Thread.sleep(10);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
