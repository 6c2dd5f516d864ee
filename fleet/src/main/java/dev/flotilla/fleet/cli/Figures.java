package dev.flotilla.fleet.cli;

import dev.flotilla.fleet.bench.Figure;
import dev.flotilla.fleet.bench.Report;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// Where the figures of a measurement go: as a table to standard output, and as JSON to a file.
final class Figures {
  @Spec(Spec.Target.MIXEE)
  CommandSpec command;

  @Option(names = "--json", paramLabel = "FILE", description = "Write the figures as JSON, too.")
  @Nullable Path json;

  /// @param nodes of the fleet that was measured, 0 where there was none
  void write(int nodes, List<Figure> figures) throws IOException {
    Report report =
        new Report(
            new Version().getVersion()[0],
            nodes,
            Runtime.getRuntime().availableProcessors(),
            figures);
    write(report.table(), report.json());
  }

  void write(String table, String machines) throws IOException {
    PrintWriter out = command.commandLine().getOut();
    out.print(table);
    out.flush();
    if (json != null) {
      Files.writeString(json, machines + "\n");
    }
  }
}
