package dev.flotilla.fleet.doctor.check;

import dev.flotilla.contract.OpsResult.NodeCheckups;
import dev.flotilla.contract.OpsResult.NodeState;
import dev.flotilla.fleet.doctor.Check;
import dev.flotilla.fleet.doctor.Findings;
import dev.flotilla.fleet.doctor.Patient;
import dev.flotilla.fleet.doctor.Survey;
import java.time.Duration;
import java.time.Instant;

/// Whether the clocks of nodes and database agree.
public record ClocksCheck() implements Check {
  private static final long SOME_MS = 500;
  private static final long MUCH_MS = 5_000;
  private static final String WHY =
      "tokens, leases, schedules and deadlines are compared with clocks.";
  private static final String REMEDY =
      "let one time service keep all machines: `timedatectl set-ntp true`, `chronyc tracking`";

  @Override
  public void examine(Patient patient, Findings found) {
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
          judge(found, pair, sure);
        }
      }
    }
    Duration database = database(patient);
    judge(found, "the clocks of PostgreSQL and this machine", database.toMillis());
    found.elseSound("they agree within " + Math.max(most, database.toMillis()) + " ms");
  }

  private static void judge(Findings found, String pair, long ms) {
    String what = pair + " are " + ms + " ms apart";
    if (ms > MUCH_MS) {
      found.error(what, WHY, REMEDY);
    } else if (ms > SOME_MS) {
      found.warning(what, WHY, REMEDY);
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
