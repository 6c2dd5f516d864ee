package dev.flotilla.command.task.schedule;

import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import dev.flotilla.fault.Fault;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The times of a schedule: a cron expression in a time zone. Where clocks are put forward, times
/// that do not exist are left out; where they are put back, times that come twice count once.
record Times(String cron, ZoneId zone, ExecutionTime execution) {
  private static final CronParser UNIX =
      new CronParser(CronDefinitionBuilder.instanceDefinitionFor(CronType.UNIX));

  /// Throws a VALIDATION_ERROR that names the field.
  static Times of(String cron, String zone) {
    ZoneId id;
    try {
      id = ZoneId.of(zone);
    } catch (DateTimeException unknown) {
      throw Fault.invalid("zone", "There is no time zone '" + zone + "'.").asException();
    }
    try {
      return new Times(cron, id, ExecutionTime.forCron(UNIX.parse(cron)));
    } catch (IllegalArgumentException bad) {
      throw Fault.invalid("cron", "The cron expression is not valid: " + bad.getMessage())
          .asException();
    }
  }

  /// The first time after this one; nothing where it never comes.
  Optional<Instant> after(Instant time) {
    return execution.nextExecution(time.atZone(zone)).map(next -> next.toInstant());
  }

  /// The last time until now, now included.
  Optional<Instant> latest(Instant now) {
    Optional<Instant> last = before(now.plusSeconds(1));
    return last.isPresent() && last.get().isAfter(now) ? before(last.get()) : last;
  }

  private Optional<Instant> before(Instant time) {
    return execution.lastExecution(time.atZone(zone)).map(last -> last.toInstant());
  }

  /// The times from the first, which is one, until now; at most so many.
  List<Instant> until(Instant first, Instant now, int limit) {
    List<Instant> times = new ArrayList<>();
    Optional<Instant> time = Optional.of(first);
    while (time.isPresent() && !time.get().isAfter(now) && times.size() < limit) {
      times.add(time.get());
      time = after(time.get());
    }
    return times;
  }
}
