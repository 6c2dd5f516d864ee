package dev.flotilla.dispatch;

import dev.flotilla.identity.InstanceId;

/// How the gateway of a node's own host is, as the node that looks after it sees it. Repeated as
/// long as that node lives.
///
/// @param words why it does not run, for operators; empty where nothing is wrong
public record LocalReport(InstanceId instance, Course course, String words) {
  /// What becomes of the gateway.
  public enum Course {
    /// It runs, or nobody is sure yet that it does not.
    FINE,
    /// The fleet has started it, and waits until it listens.
    STARTING,
    /// A start has failed, and the next one waits.
    FAILED,
    /// Starts have failed again and again.
    CRASH_LOOP
  }
}
