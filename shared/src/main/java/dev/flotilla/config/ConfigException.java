package dev.flotilla.config;

import java.util.List;

/// A configuration that cannot be used, with everything that is wrong with it.
public final class ConfigException extends Exception {
  private final List<String> problems;

  public ConfigException(List<String> problems) {
    super(String.join("; ", problems));
    this.problems = List.copyOf(problems);
  }

  /// One sentence each; no secret is in them.
  public List<String> problems() {
    return problems;
  }
}
