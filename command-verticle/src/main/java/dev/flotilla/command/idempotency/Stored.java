package dev.flotilla.command.idempotency;

import dev.flotilla.fault.Fault;
import dev.flotilla.wire.RawJson;

/// How a command ended, as it is kept under its key.
public sealed interface Stored {
  record Answer(RawJson json) implements Stored {}

  /// A fault that repeating the same request would not change.
  record Refusal(Fault fault) implements Stored {}
}
