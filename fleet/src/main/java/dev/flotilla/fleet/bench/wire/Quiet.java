package dev.flotilla.fleet.bench.wire;

import dev.flotilla.fleet.bench.wire.machine.Cores;
import dev.flotilla.fleet.bench.wire.machine.CpuWatch;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;

/// Measures while the machine has nothing else to do: waits for that, and measures again where it
/// was not so.
record Quiet(Cores cores, PrintWriter out) {
  private static final double ENOUGH = 0.15;
  private static final Duration LOOK = Duration.ofMillis(500);
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final int TRIES = 5;

  /// One measurement.
  interface Attempt {
    Run run() throws IOException;
  }

  /// What passes the time meanwhile; sockets want to be read.
  interface Pastime {
    void turn(long millis) throws IOException;
  }

  /// The first undisturbed run, or the least disturbed one.
  Run run(Attempt attempt, Pastime pastime) throws IOException {
    await(pastime);
    Run best = attempt.run();
    for (int tries = 1; tries < TRIES && best.cpu().others() > ENOUGH; tries++) {
      await(pastime);
      Run run = attempt.run();
      if (run.cpu().others() < best.cpu().others()) {
        best = run;
      }
    }
    if (best.cpu().others() <= ENOUGH) {
      return best;
    }
    out.println("DISTURBED: something else keeps this machine busy; the next figure suffers.");
    return best;
  }

  private void await(Pastime pastime) throws IOException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() - deadline < 0) {
      CpuWatch watch = new CpuWatch(cores, List.of());
      long until = System.nanoTime() + LOOK.toNanos();
      while (System.nanoTime() - until < 0) {
        pastime.turn(LOOK.toMillis());
      }
      if (watch.stop().others() <= ENOUGH) {
        return;
      }
    }
  }
}
