package dev.flotilla.registry.link.openclaw;

import com.fasterxml.jackson.databind.JsonNode;
import dev.flotilla.dispatch.RunText;
import dev.flotilla.dispatch.RunTextAsk;
import dev.flotilla.registry.link.Doing;
import dev.flotilla.registry.link.LinkListener;
import io.vertx.core.Future;
import org.jspecify.annotations.Nullable;

/// Tells what runs say and do, each thing once.
record Reporter(LinkListener listener) {

  void says(Run run, String runId, String text) {
    does(run, Doing.STREAMING);
    tell(run, run.speech.hear(runId, text));
  }

  void does(Run run, Doing doing) {
    if (run.turns(doing)) {
      listener.does(run.order(), doing);
    }
  }

  /// The session's records say that the run goes on, and perhaps what it has said so far.
  void goesOn(Run run, Finding.Going going) {
    if (!run.isSeen()) {
      does(run, Doing.WORKING);
    }
    String text = going.text();
    String id = going.runId();
    if (text == null || id == null) {
      run.speech.nothingMore();
    } else {
      tell(run, run.speech.hear(id, text));
    }
  }

  /// Pieces name the attempt they belong to, so another attempt hears everything again.
  void again(Run run) {
    tell(run, run.speech.again());
  }

  private void tell(Run run, Speech.@Nullable Piece piece) {
    if (piece != null) {
      listener.output(run.order(), piece.index(), piece.text());
    }
  }

  /// What a run has said that this owner of the link has not been told to follow yet.
  static Future<RunText> unheardOf(RunTextAsk ask, Connection up) {
    return new SessionReader(up)
        .inFlight(ask.sessionKey())
        .map(run -> textOf(run, ask.attempt()))
        .otherwise(RunText.unknown(ask.attempt()));
  }

  /// Without a run in flight, this one has not begun, or has ended.
  private static RunText textOf(JsonNode inFlight, int attempt) {
    if (!inFlight.has("runId")) {
      return RunText.unknown(attempt);
    }
    Speech speech = new Speech(true);
    speech.hear(inFlight.path("runId").asText(""), inFlight.path("text").asText(""));
    return speech.text(attempt);
  }
}
