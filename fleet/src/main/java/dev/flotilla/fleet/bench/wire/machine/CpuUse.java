package dev.flotilla.fleet.bench.wire.machine;

/// Who used how much of the processor during a run, in cores.
///
/// @param server the processes of the server that was measured
/// @param client this process
/// @param serverCore everything on the server's core, interrupts included; where nothing is pinned,
///     the same as `server`
/// @param clientCore everything on the client's core; where nothing is pinned, the same as `client`
/// @param clientBusy the share of its time in which the client had something to do
/// @param others everything else on the machine
public record CpuUse(
    double server,
    double client,
    double serverCore,
    double clientCore,
    double clientBusy,
    double others) {
  private static final double FULL = 0.95;

  /// Who could not do more: the answer to what was measured.
  public String saturated() {
    boolean serverFull = serverCore >= FULL;
    boolean clientFull = clientBusy >= FULL;
    if (serverFull && clientFull) {
      return "both";
    }
    if (serverFull) {
      return "server";
    }
    return clientFull ? "client" : "neither";
  }
}
