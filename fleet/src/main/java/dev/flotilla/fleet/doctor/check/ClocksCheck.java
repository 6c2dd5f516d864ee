package dev.flotilla.fleet.doctor.check;

import dev.flotilla.contract.OpsResult.NodeCheckups;
import dev.flotilla.contract.OpsResult.NodeState;
import dev.flotilla.fleet.doctor.Check;
import dev.flotilla.fleet.doctor.Finding;
import dev.flotilla.fleet.doctor.Patient;
import dev.flotilla.fleet.doctor.Survey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// Whether the clocks of nodes and database agree.
public record ClocksCheck() implements Check {
  private static final String NAME = "clocks";
  private static final long SOME_MS = 500;
  private static final long MUCH_MS = 5_000;
  private static final String WHY =
      "tokens, leases, schedules and deadlines are compared with clocks.";
  private static final String REMEDY =
      "let one time service keep all machines: `timedatectl set-ntp true`, `chronyc tracking`";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public List<Finding> examine(Patient patient) {
    List<Finding> findings = new ArrayList<>();
    long most = 0;
    for (Survey.Look look : patient.survey().looks()) {
      NodeCheckups checkups = look.checkups();
      if (checkups == null) {
        continue;
      }
      for (NodeState node : checkups.items()) {
        Long skew = node.skewMs();
        Double trip = node.tripMs();
        if (skew != null && trip != null) {
          // What may be the way of the message is not held against the clock.
          long sure = Math.max(0, Math.abs(skew) - Math.round(trip));
          most = Math.max(most, sure);
          String pair = "the clocks of " + checkups.asked() + " and " + node.id();
          judge(findings, pair, sure);
        }
      }
    }
    Duration database = database(patient);
    judge(findings, "the clocks of PostgreSQL and this machine", database.toMillis());
    return findings.isEmpty()
        ? List.of(
            Finding.sound(NAME, "they agree within " + Math.max(most, database.toMillis()) + " ms"))
        : findings;
  }

  private static void judge(List<Finding> findings, String pair, long ms) {
    String what = pair + " are " + ms + " ms apart";
    if (ms > MUCH_MS) {
      findings.add(Finding.error(NAME, what, WHY, REMEDY));
    } else if (ms > SOME_MS) {
      findings.add(Finding.warning(NAME, what, WHY, REMEDY));
    }
  }

  private static Duration database(Patient patient) {
    Instant before = Instant.now();
    Instant there =
        patient
            .stores()
            .postgres()
            .query("select clock_timestamp() as now")
            .execute()
            .await()
            .iterator()
            .next()
            .getOffsetDateTime("now")
            .toInstant();
    Instant after = Instant.now();
    if (there.isBefore(before)) {
      return Duration.between(there, before);
    }
    return there.isAfter(after) ? Duration.between(after, there) : Duration.ZERO;
  }
}
