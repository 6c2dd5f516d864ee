package dev.flotilla.fleet.cli;

import dev.flotilla.command.task.queue.QueueDoctor;
import dev.flotilla.command.task.queue.QueueDoctor.Findings;
import dev.flotilla.config.FleetConfig;
import dev.flotilla.fleet.StartFailure;
import dev.flotilla.fleet.doctor.Doctor;
import dev.flotilla.fleet.doctor.Finding;
import dev.flotilla.fleet.doctor.NodeFile;
import dev.flotilla.fleet.doctor.Patient;
import dev.flotilla.fleet.doctor.Report;
import dev.flotilla.fleet.doctor.check.Checks;
import dev.flotilla.store.Stores;
import dev.flotilla.wire.Json;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `flotilla doctor`: looks at a fleet, while it runs or not.
@Command(
    name = "doctor",
    description = {
      "Looks at configuration, stores and nodes, and says what is wrong, why, and what to do.",
      "Exit codes: 0 all is sound, 1 something is wrong or cannot be looked at, 3 only warnings."
    })
final class DoctorCommand implements Callable<Integer> {
  private static final int SHOWN = 20;

  @Spec CommandSpec spec;

  /// One of the two.
  static final class Place {
    @Option(
        names = "--data",
        paramLabel = "DIR",
        description = "The data directory of a flotilla up (default: ./data).")
    @Nullable Path data;

    @Option(
        names = "--config",
        paramLabel = "FILE",
        description = "The configuration of a node, for each node that should run here.")
    @Nullable List<Path> configs;
  }

  @ArgGroup @Nullable Place place;

  @Option(names = "--repair", description = "Put right what can be put right safely.")
  boolean repairAll;

  @Option(names = "--json", description = "Answer in JSON.")
  boolean inJson;

  @Override
  public Integer call() throws StartFailure {
    Report report = new Report(examine(files()));
    PrintWriter out = spec.commandLine().getOut();
    out.print(inJson ? report.json() : report.words());
    out.flush();
    return report.exitCode();
  }

  private List<Finding> examine(List<Path> files) {
    List<NodeFile> read = files.stream().map(file -> NodeFile.read(file, System.getenv())).toList();
    try (Patient patient = new Patient(read)) {
      return new Doctor(Checks.all()).examine(patient, repairAll);
    }
  }

  private List<Path> files() throws StartFailure {
    if (place != null && place.configs != null) {
      return place.configs;
    }
    Path data = place != null && place.data != null ? place.data : UpCommand.DEFAULT_DATA;
    Path run = data.resolve("run");
    try (DirectoryStream<Path> written = Files.newDirectoryStream(run, "node-*.yaml")) {
      List<Path> files = new ArrayList<>();
      written.forEach(files::add);
      if (!files.isEmpty()) {
        files.sort(Comparator.naturalOrder());
        return files;
      }
    } catch (IOException absent) {
      // Said below.
    }
    throw new StartFailure(
        StartFailure.USAGE,
        "there is no node in "
            + run
            + "; name the directory of flotilla up with --data, or nodes' configurations with"
            + " --config");
  }

  @Command(
      name = "queue",
      description = {
        "Compares the queue in Redis with the tasks in PostgreSQL and with itself.",
        "Exit codes: 0 it is sound, 1 something is wrong."
      })
  int queue(
      @Option(
              names = "--config",
              required = true,
              paramLabel = "FILE",
              description = "The configuration of a node; FLOTILLA_* variables win over it.")
          Path config,
      @Option(names = "--repair", description = "Make Redis agree with PostgreSQL.") boolean repair,
      @Option(names = "--json", description = "Answer in JSON.") boolean json)
      throws Exception {
    FleetConfig settings = Configured.from(config, System.getenv());
    Vertx vertx = Vertx.vertx();
    Stores stores = Stores.open(vertx, settings);
    try {
      QueueDoctor doctor = new QueueDoctor(vertx, stores);
      Findings before = doctor.look();
      Findings after = repair && !before.sound() ? doctor.repair() : before;
      PrintWriter out = spec.commandLine().getOut();
      out.print(json ? json(before, after) : words(before, after, repair));
      out.flush();
      return after.sound() ? 0 : 1;
    } finally {
      stores.close().await();
      vertx.close().await();
    }
  }

  private static String json(Findings before, Findings after) {
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("sound", after.sound());
    answer.put("tasks", after.tasks());
    answer.put("totals", after.totals());
    answer.put("findings", after.findings());
    answer.put("repaired", after.equals(before) ? 0 : before.findings().size());
    return Json.text(answer) + "\n";
  }

  private static String words(Findings before, Findings after, boolean repair) {
    StringBuilder text = new StringBuilder();
    text.append("open tasks in PostgreSQL  ").append(after.tasks()).append('\n');
    after.totals().forEach((name, count) -> line(text, name, count));
    if (repair && !before.sound()) {
      text.append("found and repaired:\n");
      list(text, before);
    }
    if (after.sound()) {
      text.append("The queue is sound.\n");
    } else {
      text.append(repair ? "Still wrong:\n" : "Wrong (--repair puts it right):\n");
      list(text, after);
    }
    return text.toString();
  }

  private static void line(StringBuilder text, String name, long count) {
    text.append("  ").append(name).append(" ".repeat(Math.max(1, 24 - name.length())));
    text.append(count).append('\n');
  }

  private static void list(StringBuilder text, Findings findings) {
    findings.findings().stream()
        .limit(SHOWN)
        .forEach(finding -> text.append("  ").append(finding).append('\n'));
    int more = findings.findings().size() - SHOWN;
    if (more > 0) {
      text.append("  and ").append(more).append(" more\n");
    }
  }
}
