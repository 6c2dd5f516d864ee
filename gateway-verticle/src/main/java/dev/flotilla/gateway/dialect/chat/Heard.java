package dev.flotilla.gateway.dialect.chat;

import dev.flotilla.contract.Fact;
import dev.flotilla.contract.Result.LiveText;
import dev.flotilla.identity.TaskId;
import org.jspecify.annotations.Nullable;

/// How much of the text that is being written in a thread the client has. The tasks of a thread run
/// one after another, so there is one such text at most.
///
/// A piece of text takes the place of everything from its index on, so it fits wherever that is not
/// beyond the end. After a history the pieces that had led to it may still be on their way: they
/// are told from new ones by what they say, as long as none says anything new.
final class Heard {

  /// What a piece is to this client.
  enum Piece {
    NEW,
    /// The client has it, or it belongs to what is over.
    KNOWN,
    /// Something before it is missing.
    AFTER_A_HOLE
  }

  private @Nullable TaskId task;
  private int attempt;
  private long end;
  private boolean over;
  private @Nullable String history;

  /// True where a text is being written, as far as the client knows.
  boolean running() {
    return task != null && !over;
  }

  void begun(TaskId begun, int newAttempt) {
    if (!begun.equals(task) || newAttempt > attempt) {
      start(begun, newAttempt, 0, null);
    }
  }

  void ended(TaskId ended, int lastAttempt) {
    // One that ends without having begun does not end another one's text.
    if (ended.equals(task) ? lastAttempt >= attempt : !running()) {
      start(ended, lastAttempt, 0, null);
      over = true;
    }
  }

  /// The text as the fleet has it, which the client is to have as well.
  ///
  /// @return false where the client has it, or is beyond it
  boolean told(LiveText live) {
    boolean ours = live.taskId().equals(task);
    if (ours && (live.attempt() < attempt || (live.attempt() == attempt && over))) {
      return false;
    }
    boolean lacking = !ours || live.attempt() > attempt || live.nextIndex() != end;
    start(live.taskId(), live.attempt(), live.nextIndex(), live.text());
    return lacking;
  }

  Piece take(Fact.TaskOutput piece) {
    boolean ours = piece.taskId().equals(task);
    if (ours && (piece.attempt() < attempt || (piece.attempt() == attempt && over))) {
      return Piece.KNOWN;
    }
    if (!ours || piece.attempt() > attempt) {
      if (piece.index() != 0) {
        return Piece.AFTER_A_HOLE;
      }
      start(piece.taskId(), piece.attempt(), 0, null);
    }
    return place(piece);
  }

  private Piece place(Fact.TaskOutput piece) {
    long after = piece.index() + piece.text().length();
    if (history != null
        && after <= history.length()
        && history.startsWith(piece.text(), (int) piece.index())) {
      return Piece.KNOWN;
    }
    history = null;
    if (piece.index() > end) {
      return Piece.AFTER_A_HOLE;
    }
    end = after;
    return Piece.NEW;
  }

  private void start(TaskId newTask, int newAttempt, long newEnd, @Nullable String newHistory) {
    task = newTask;
    attempt = newAttempt;
    end = newEnd;
    history = newHistory;
    over = false;
  }
}
