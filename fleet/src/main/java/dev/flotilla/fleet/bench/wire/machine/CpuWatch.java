package dev.flotilla.fleet.bench.wire.machine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleSupplier;
import java.util.stream.Stream;

/// Measures the use of the processor from its making to [#stop].
public final class CpuWatch {
  private final Cores cores;
  private final List<Long> servers;
  private final DoubleSupplier busySeconds;
  private final double busy;
  private final long startedAt;
  private final double server;
  private final double client;
  private final Map<Integer, Double> perCore;

  /// For a client that sleeps when it has nothing to do.
  public CpuWatch(Cores cores, List<ProcessHandle> roots) throws IOException {
    this(cores, roots, CpuWatch::ofClientUnchecked);
  }

  /// @param roots the processes of the server; those below them count, too
  /// @param busySeconds for how long the client has had something to do, until now
  public CpuWatch(Cores cores, List<ProcessHandle> roots, DoubleSupplier busySeconds)
      throws IOException {
    this.cores = cores;
    this.busySeconds = busySeconds;
    this.busy = busySeconds.getAsDouble();
    this.servers =
        roots.stream()
            .flatMap(root -> Stream.concat(Stream.of(root), root.descendants()))
            .map(ProcessHandle::pid)
            .distinct()
            .toList();
    this.startedAt = System.nanoTime();
    this.server = ofServers();
    this.client = ofClient();
    this.perCore = CpuTimes.ofCores();
  }

  public CpuUse stop() throws IOException {
    double seconds = (System.nanoTime() - startedAt) / 1e9;
    double ofServer = (ofServers() - server) / seconds;
    double ofClient = (ofClient() - client) / seconds;
    Map<Integer, Double> now = CpuTimes.ofCores();
    double total = 0;
    for (Map.Entry<Integer, Double> core : now.entrySet()) {
      total += (core.getValue() - perCore.getOrDefault(core.getKey(), 0.0)) / seconds;
    }
    return new CpuUse(
        ofServer,
        ofClient,
        cores.pinned() ? busy(now, cores.server(), seconds) : ofServer,
        cores.pinned() ? busy(now, cores.client(), seconds) : ofClient,
        (busySeconds.getAsDouble() - busy) / seconds,
        Math.max(0, total - ofServer - ofClient));
  }

  private double busy(Map<Integer, Double> now, int core, double seconds) {
    return (now.getOrDefault(core, 0.0) - perCore.getOrDefault(core, 0.0)) / seconds;
  }

  private double ofServers() throws IOException {
    double sum = 0;
    for (long pid : servers) {
      sum += CpuTimes.ofProcess(pid);
    }
    return sum;
  }

  private static double ofClientUnchecked() {
    try {
      return ofClient();
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  private static double ofClient() throws IOException {
    return CpuTimes.ofProcess(ProcessHandle.current().pid());
  }
}
