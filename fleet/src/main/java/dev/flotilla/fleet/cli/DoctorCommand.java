package dev.flotilla.fleet.cli;

import dev.flotilla.command.task.queue.QueueDoctor;
import dev.flotilla.command.task.queue.QueueDoctor.Findings;
import dev.flotilla.config.FleetConfig;
import dev.flotilla.store.Stores;
import dev.flotilla.wire.Json;
import io.vertx.core.Vertx;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `flotilla doctor`: looks at the stores of a fleet, while it runs or not.
@Command(name = "doctor", description = "Looks for what is wrong, and repairs it.")
final class DoctorCommand implements Runnable {
  private static final int SHOWN = 20;

  @Spec CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Say 'queue'");
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
