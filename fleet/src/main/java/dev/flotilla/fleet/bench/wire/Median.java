package dev.flotilla.fleet.bench.wire;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The middle one of several runs of one system.
///
/// @param run the run itself, with the processor time that it took
public record Median(Run run, double lowest, double highest, int runs) {

  /// One for each measure and system, in the order of the measures.
  public static List<Median> of(List<Run> all) {
    Map<Measure, Map<String, List<Run>>> groups = new LinkedHashMap<>();
    for (Run run : all.stream().sorted(Comparator.comparing(Run::measure)).toList()) {
      groups
          .computeIfAbsent(run.measure(), _ -> new LinkedHashMap<>())
          .computeIfAbsent(run.system(), _ -> new ArrayList<>())
          .add(run);
    }
    return groups.values().stream()
        .flatMap(systems -> systems.values().stream())
        .map(Median::middle)
        .toList();
  }

  private static Median middle(List<Run> runs) {
    List<Run> sorted = runs.stream().sorted(Comparator.comparingDouble(Run::value)).toList();
    return new Median(
        sorted.get((sorted.size() - 1) / 2),
        sorted.getFirst().value(),
        sorted.getLast().value(),
        sorted.size());
  }
}
