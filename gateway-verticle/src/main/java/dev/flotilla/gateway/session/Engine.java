package dev.flotilla.gateway.session;

import dev.flotilla.gateway.meter.Tally;
import dev.flotilla.gateway.wire.Encoding;
import java.util.Map;
import java.util.Objects;

/// What turns the sessions of one event loop: one flusher, one wheel, one tally per dialect.
record Engine(Edge edge, Flusher flusher, Wheel wheel, Map<Encoding, Tally> tallies) {

  Tally tally(Encoding encoding) {
    return Objects.requireNonNull(tallies.get(encoding));
  }
}
