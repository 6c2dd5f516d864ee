package dev.flotilla.gateway.dialect.dashboard;

/// What of a client's text is shown back to it, and in logs.
final class Shown {
  private static final int MAX = 64;

  private Shown() {}

  /// Short, without control characters and without halves of surrogate pairs.
  static String of(String text) {
    String start = text.length() > MAX ? text.substring(0, MAX) + "..." : text;
    return start.replaceAll("[\\p{Cntrl}\\p{Cs}]", "?");
  }
}
