package dev.flotilla.fleet.doctor.check;

import dev.flotilla.command.task.queue.QueueDoctor;
import dev.flotilla.fleet.doctor.Check;
import dev.flotilla.fleet.doctor.Finding;
import dev.flotilla.fleet.doctor.Finding.Trouble;
import dev.flotilla.fleet.doctor.Patient;
import dev.flotilla.fleet.doctor.Severity;
import java.util.List;

/// Whether the queue in Redis agrees with the tasks in PostgreSQL and with itself.
public record QueueCheck() implements Check {
  private static final String NAME = "queue";
  private static final int SHOWN = 5;

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public List<Finding> examine(Patient patient) {
    QueueDoctor doctor = new QueueDoctor(patient.vertx(), patient.stores());
    QueueDoctor.Findings found = doctor.look();
    if (found.sound()) {
      return List.of(Finding.sound(NAME, found.tasks() + " open tasks, all in their places"));
    }
    int more = found.findings().size() - SHOWN;
    String what = String.join("; ", found.findings().stream().limit(SHOWN).toList());
    return List.of(
        new Trouble(
            NAME,
            Severity.ERROR,
            more > 0 ? what + "; and " + more + " more" : what,
            "a task may wait for good, or a slot may be taken by nobody.",
            "`flotilla doctor queue --repair --config FILE`",
            doctor::repair));
  }
}
