package dev.flotilla.registry.link.openclaw;

import dev.flotilla.dispatch.RunText;
import org.jspecify.annotations.Nullable;

/// What a run has said so far, and the pieces in which that is told.
///
/// The instance says the whole text of a run again and again: in every event, and in the session's
/// records. So whatever was missed (by a link that was down, by an owner that has just taken over)
/// comes with the next of them, and a piece says where in the text it begins.
final class Speech {
  /// More than that is not told: a result is cut there, too.
  static final int LIMIT = 256 * 1024;

  /// A text that long comes from the instance without its beginning.
  private static final int HEADLESS = 500_000;

  /// @param index where it begins in the text
  record Piece(long index, String text) {}

  private String source = "";
  private String told = "";
  private boolean partial;

  /// @param partial true where another owner may have told more already
  Speech(boolean partial) {
    this.partial = partial;
  }

  /// The run has said all this, under the id that the instance runs it by. A run that the instance
  /// resumes after a crash has another id, and begins its text anew.
  ///
  /// @return what is new, or null
  @Nullable Piece hear(String runId, String text) {
    if (!runId.equals(source)) {
      source = runId;
      told = "";
    }
    if (text.length() >= HEADLESS) {
      return null;
    }
    partial = false;
    String whole = text.substring(0, end(text));
    // Also what an older event says, or a record that was read before the last event.
    if (told.startsWith(whole)) {
      return null;
    }
    int from = common(told, whole);
    told = whole;
    return new Piece(from, whole.substring(from));
  }

  /// The session's records say nothing of what the run has said: so that is all.
  void nothingMore() {
    partial = false;
  }

  /// The whole text again, for another attempt's pieces.
  @Nullable Piece again() {
    return told.isEmpty() ? null : new Piece(0, told);
  }

  RunText text(int attempt) {
    return new RunText(attempt, told, told.length(), partial);
  }

  /// The run has ended: its result tells more than its pieces.
  void forget() {
    told = "";
  }

  /// A text may end within a character: what there is of it then waits for its other half.
  private static int end(String text) {
    int last = Math.min(text.length(), LIMIT) - 1;
    boolean half =
        last >= 0
            && (text.charAt(last) == CleanText.REPLACEMENT
                || Character.isHighSurrogate(text.charAt(last)));
    return half ? last : last + 1;
  }

  /// How far the two are the same, in whole characters.
  private static int common(String one, String other) {
    int limit = Math.min(one.length(), other.length());
    int same = 0;
    while (same < limit && one.charAt(same) == other.charAt(same)) {
      same++;
    }
    return same > 0 && Character.isHighSurrogate(one.charAt(same - 1)) ? same - 1 : same;
  }
}
