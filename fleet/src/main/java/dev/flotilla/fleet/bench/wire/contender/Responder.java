package dev.flotilla.fleet.bench.wire.contender;

import dev.flotilla.fleet.bench.wire.load.Dialogue;
import java.io.IOException;

/// A server that answers each message with one.
public interface Responder {
  String name();

  /// The root of its processes.
  ProcessHandle process();

  /// A socket that is ready to ask.
  Dialogue open() throws IOException;

  /// The text that is asked each time.
  String question();

  /// Fails where this is no answer to the question.
  void check(String answer) throws Refused;
}
