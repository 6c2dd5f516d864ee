package dev.flotilla.dispatch;

/// What a run has said so far, as its pieces of output have told it or will in a moment.
///
/// @param attempt the one that the pieces name
/// @param nextIndex where the next piece begins
/// @param partial true where the owner of the link does not know all that was said before
public record RunText(int attempt, String text, long nextIndex, boolean partial) {
  /// Where nothing can be said.
  public static RunText unknown(int attempt) {
    return new RunText(attempt, "", 0, true);
  }
}
