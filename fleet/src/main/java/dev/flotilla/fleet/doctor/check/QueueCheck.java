package dev.flotilla.fleet.doctor.check;

import dev.flotilla.command.task.queue.QueueDoctor;
import dev.flotilla.fleet.doctor.Check;
import dev.flotilla.fleet.doctor.Findings;
import dev.flotilla.fleet.doctor.Patient;
import dev.flotilla.fleet.doctor.Severity;

/// Whether the queue in Redis agrees with the tasks in PostgreSQL and with itself.
public record QueueCheck() implements Check {
  private static final int SHOWN = 5;

  @Override
  public void examine(Patient patient, Findings found) {
    QueueDoctor doctor = new QueueDoctor(patient.vertx(), patient.stores());
    QueueDoctor.Findings seen = doctor.look();
    if (seen.sound()) {
      found.elseSound(seen.tasks() + " open tasks, all in their places");
      return;
    }
    int more = seen.findings().size() - SHOWN;
    String what = String.join("; ", seen.findings().stream().limit(SHOWN).toList());
    found.trouble(
        Severity.ERROR,
        more > 0 ? what + "; and " + more + " more" : what,
        "a task may wait for good, or a slot may be taken by nobody.",
        "`flotilla doctor queue --repair --config FILE`",
        doctor::repair);
  }
}
