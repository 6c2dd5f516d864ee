package dev.flotilla.gateway.session;

import dev.flotilla.gateway.meter.Tally;
import dev.flotilla.gateway.wire.Compressor;
import dev.flotilla.gateway.wire.Encoding;
import dev.flotilla.gateway.wire.Expander;
import java.util.Map;
import java.util.Objects;

/// What turns the sessions of one event loop: one flusher, one wheel, one tally per dialect, one
/// pair of (de)compressors.
record Engine(
    Edge edge,
    Flusher flusher,
    Wheel wheel,
    Map<Encoding, Tally> tallies,
    Compressor compressor,
    Expander expander) {

  Tally tally(Encoding encoding) {
    return Objects.requireNonNull(tallies.get(encoding));
  }

  void stop() {
    flusher.stop();
    compressor.close();
    expander.close();
  }
}
