package dev.flotilla.command.work.entity;

/// The beginning of a text.
public final class Excerpt {
  private Excerpt() {}

  /// At most so many characters, and no half of one.
  public static String of(String text, int max) {
    if (text.length() <= max) {
      return text;
    }
    return text.substring(0, Character.isHighSurrogate(text.charAt(max - 1)) ? max - 1 : max);
  }
}
