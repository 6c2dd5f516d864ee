package dev.flotilla.fleet.bench.wire.contender;

import java.io.IOException;

/// A server said no, or something else than the bench asked for.
public final class Refused extends IOException {
  Refused(String what) {
    super(what);
  }
}
