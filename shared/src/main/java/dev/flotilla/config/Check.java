package dev.flotilla.config;

/// Checks inside the records of the tree. The loader collects what they throw, so that all problems
/// are reported at once.
final class Check {
  private Check() {}

  static void that(boolean holds, String key, String rule) {
    if (!holds) {
      throw new Problem(key, rule);
    }
  }

  /// A value that breaks a rule.
  static final class Problem extends IllegalArgumentException {
    Problem(String key, String rule) {
      super(key + " " + rule);
    }
  }
}
