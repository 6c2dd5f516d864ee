package dev.flotilla.fleet.bench.wire;

import dev.flotilla.fleet.bench.wire.load.Dialogue;
import dev.flotilla.fleet.bench.wire.load.Doors;
import dev.flotilla.fleet.bench.wire.load.Loop;
import dev.flotilla.fleet.bench.wire.load.RecordShape;
import dev.flotilla.fleet.bench.wire.machine.Cores;
import dev.flotilla.fleet.bench.wire.machine.CpuUse;
import dev.flotilla.fleet.bench.wire.machine.CpuWatch;
import dev.flotilla.fleet.bench.wire.machine.JvmMemory;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// What sessions cost that say nothing: memory above the same server without them, after full
/// collections, and processor time.
record IdleSessions(int sessions) {
  /// So many come and go first: what every first session makes is not theirs.
  private static final int FIRST = 200;

  private static final Duration SETTLE = Duration.ofSeconds(1);
  private static final Duration EMPTY = Duration.ofSeconds(8);

  /// The shortest time between two heartbeats of a session.
  private static final Duration HEARTBEAT = Duration.ofSeconds(15);

  /// In so long, each session has had every kind of heartbeat.
  private static final Duration FULL_ROUND = Duration.ofSeconds(30);

  /// The shortest time in which processor time means something.
  private static final Duration SHORTEST = Duration.ofSeconds(3);

  private static final int WAIT_MS = 50;

  List<Run> run(String system, ProcessHandle server, Doors.Door door, Cores cores)
      throws IOException, InterruptedException {
    try (Loop first = new Loop(false)) {
      fill(first, FIRST, door);
      await(first, SETTLE);
    }
    try (Loop loop = new Loop(false)) {
      await(loop, SETTLE);
      JvmMemory empty = JvmMemory.of(server.pid());
      CpuUse without = use(loop, server, cores, EMPTY);
      long start = System.nanoTime();
      fill(loop, sessions, door);
      Map<String, Double> details =
          Map.of("sessions opened/s", sessions * 1e9 / (System.nanoTime() - start));
      await(loop, SETTLE);
      Duration quiet = HEARTBEAT.minusNanos(System.nanoTime() - start).minus(SETTLE);
      List<Run> runs = new ArrayList<>();
      if (quiet.compareTo(SHORTEST) >= 0) {
        CpuUse between = use(loop, server, cores, quiet);
        double more = between.server() - without.server();
        runs.add(new Run(Measure.IDLE_CPU, system, more, between, details));
      }
      CpuUse round = use(loop, server, cores, FULL_ROUND);
      double more = round.server() - without.server();
      runs.add(new Run(Measure.IDLE_CPU_PINGED, system, more, round, details));
      JvmMemory full = JvmMemory.of(server.pid());
      double heap = (full.heapBytes() - empty.heapBytes()) / (double) sessions;
      double rss = (full.anonymousBytes() - empty.anonymousBytes()) / (double) sessions;
      runs.add(
          new Run(
              Measure.IDLE_HEAP, system, heap, round, Map.of("empty", empty.heapBytes() * 1.0)));
      runs.add(
          new Run(
              Measure.IDLE_RSS, system, rss, round, Map.of("empty", empty.anonymousBytes() * 1.0)));
      return runs;
    }
  }

  private static void fill(Loop loop, int count, Doors.Door door) throws IOException {
    for (Dialogue session : Doors.open(count, door)) {
      loop.add(session, RecordShape.ANY_MESSAGE, (_, _, _) -> {});
    }
  }

  private static CpuUse use(Loop loop, ProcessHandle server, Cores cores, Duration length)
      throws IOException {
    CpuWatch watch = new CpuWatch(cores, List.of(server));
    await(loop, length);
    return watch.stop();
  }

  private static void await(Loop loop, Duration length) throws IOException {
    long end = System.nanoTime() + length.toNanos();
    while (System.nanoTime() - end < 0) {
      loop.turn(WAIT_MS);
    }
  }
}
