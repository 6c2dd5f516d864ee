package dev.flotilla.fleet.bench.wire;

import dev.flotilla.fleet.bench.wire.machine.CpuUse;
import dev.flotilla.telemetry.Version;
import dev.flotilla.wire.Json;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/// All figures, for people and for machines.
///
/// @param pinned false where servers and client shared their cores
/// @param peers versions of the systems that it was compared with
public record WireReport(
    String version,
    String java,
    String system,
    int processors,
    boolean pinned,
    Map<String, String> peers,
    Order order,
    List<Median> medians,
    List<Verdict> verdicts,
    List<Run> runs) {

  static WireReport of(Order order, boolean pinned, Map<String, String> peers, List<Run> runs) {
    List<Median> medians = Median.of(runs);
    return new WireReport(
        Version.CURRENT,
        Runtime.version().toString(),
        System.getProperty("os.name") + " " + System.getProperty("os.version"),
        Runtime.getRuntime().availableProcessors(),
        pinned,
        peers,
        order,
        medians,
        Verdict.of(medians),
        List.copyOf(runs));
  }

  public String json() {
    return Json.text(this);
  }

  public String table() {
    StringBuilder table = new StringBuilder();
    peers.forEach((name, version) -> table.append(name).append(": ").append(version).append('\n'));
    table.append('\n');
    for (Median median : medians) {
      table.append(line(median.run()));
      if (median.runs() > 1) {
        table.append("  [%s .. %s]".formatted(number(median.lowest()), number(median.highest())));
      }
      table.append('\n');
    }
    table.append('\n');
    for (Verdict verdict : verdicts) {
      table.append(
          String.format(
              Locale.ROOT,
              "%-8s %s %s: %s%n",
              verdict.reached() == null ? "UNKNOWN" : verdict.met() ? "met" : "MISSED",
              verdict.target(),
              number(verdict.wanted()),
              verdict.reached() == null ? "not measured" : number(verdict.reached())));
    }
    return table.toString();
  }

  static String line(Run run) {
    CpuUse cpu = run.cpu();
    return String.format(
        Locale.ROOT,
        "%-42s %-12s %12s %-13s server %.2f (core %.2f)%s client busy %.2f others %.2f full:"
            + " %-8s%s",
        run.measure().title(),
        run.system(),
        number(run.value()),
        run.measure().unit(),
        cpu.server(),
        cpu.serverCore(),
        run.measure().moreIsBetter()
            ? String.format(Locale.ROOT, " %.2f us each", cpu.server() / run.value() * 1e6)
            : "",
        cpu.clientBusy(),
        cpu.others(),
        cpu.saturated(),
        run.details().entrySet().stream()
            .map(detail -> " " + detail.getKey() + " " + number(detail.getValue()))
            .sorted()
            .collect(Collectors.joining()));
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, Math.abs(value) >= 1000 ? "%,.0f" : "%.3f", value);
  }
}
