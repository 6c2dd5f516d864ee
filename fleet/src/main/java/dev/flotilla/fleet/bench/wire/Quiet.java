package dev.flotilla.fleet.bench.wire;

import dev.flotilla.fleet.bench.wire.machine.Cores;
import dev.flotilla.fleet.bench.wire.machine.CpuWatch;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;

/// Measures while the machine has nothing else to do: waits for that, and measures again where it
/// was not so.
///
/// @param patience with the machine, for each measurement; then it counts as it is
record Quiet(Cores cores, PrintWriter out, Duration patience) {
  private static final double ENOUGH = 0.15;
  private static final Duration LOOK = Duration.ofMillis(500);

  /// One measurement.
  interface Attempt {
    Run run() throws IOException;
  }

  /// What passes the time meanwhile; sockets want to be read.
  interface Pastime {
    void rest(int millis) throws IOException;
  }

  /// The first undisturbed run, or the least disturbed one.
  Run run(Attempt attempt, Pastime pastime) throws IOException {
    long deadline = System.nanoTime() + patience.toNanos();
    await(pastime, deadline);
    Run best = attempt.run();
    while (best.cpu().others() > ENOUGH && System.nanoTime() - deadline < 0) {
      await(pastime, deadline);
      Run run = attempt.run();
      if (run.cpu().others() < best.cpu().others()) {
        best = run;
      }
    }
    if (best.cpu().others() > ENOUGH) {
      out.println("DISTURBED: something else keeps this machine busy; the next figure suffers.");
    }
    return best;
  }

  private void await(Pastime pastime, long deadline) throws IOException {
    boolean busy = true;
    while (busy && System.nanoTime() - deadline < 0) {
      CpuWatch watch = new CpuWatch(cores, List.of());
      long until = System.nanoTime() + LOOK.toNanos();
      while (System.nanoTime() - until < 0) {
        pastime.rest((int) LOOK.toMillis());
      }
      busy = watch.stop().others() > ENOUGH;
    }
  }
}
