package dev.flotilla.fleet.bench.wire.machine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Processor time as Linux counts it, in seconds since the start.
final class CpuTimes {
  private static final double TICKS_PER_SECOND = 100;

  /// Fields of `/proc/{pid}/stat` after the name: user and system time.
  private static final int USER = 11;

  private static final int SYSTEM = 12;

  /// Columns of a `cpu` line of `/proc/stat`.
  private static final int IDLE = 3;

  private static final int IO_WAIT = 4;

  private static final int STEAL = 7;

  private CpuTimes() {}

  /// Of one process, 0 where it has ended.
  static double ofProcess(long pid) throws IOException {
    try {
      return ofProcess(Files.readString(Path.of("/proc", Long.toString(pid), "stat")));
    } catch (NoSuchFileException gone) {
      return 0;
    }
  }

  static double ofProcess(String stat) {
    List<String> fields = List.of(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1));
    return (Long.parseLong(fields.get(USER)) + Long.parseLong(fields.get(SYSTEM)))
        / TICKS_PER_SECOND;
  }

  /// How long each core was busy, for whomever: interrupts belong to no process.
  static Map<Integer, Double> ofCores() throws IOException {
    return ofCores(Files.readAllLines(Path.of("/proc/stat")));
  }

  static Map<Integer, Double> ofCores(List<String> stat) {
    Map<Integer, Double> busy = new TreeMap<>();
    for (String line : stat) {
      if (line.matches("cpu\\d+ .*")) {
        List<String> columns = List.of(line.split(" ", -1));
        long ticks = 0;
        for (int i = 0; i <= STEAL; i++) {
          ticks += i == IDLE || i == IO_WAIT ? 0 : Long.parseLong(columns.get(i + 1));
        }
        busy.put(Integer.valueOf(columns.getFirst().substring(3)), ticks / TICKS_PER_SECOND);
      }
    }
    return busy;
  }
}
