package dev.flotilla.fleet.bench;

import dev.flotilla.wire.Json;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// The figures of one run, for people and for machines.
public record Report(String version, int nodes, int processors, List<Figure> figures) {

  public String json() {
    return Json.text(
        Map.of("version", version, "nodes", nodes, "processors", processors, "figures", figures));
  }

  public String table() {
    StringBuilder table = new StringBuilder();
    String scenario = "";
    for (Figure figure : figures) {
      String name = figure.scenario().equals(scenario) ? "" : figure.scenario();
      scenario = figure.scenario();
      table.append(
          String.format(
              Locale.ROOT,
              "%-12s %-40s %12.2f %s%n",
              name,
              figure.name(),
              figure.value(),
              figure.unit()));
    }
    return table.toString();
  }
}
