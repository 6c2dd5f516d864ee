package dev.flotilla.registry.daemon;

import dev.flotilla.config.LocalGateway;
import dev.flotilla.dispatch.LocalReport;
import java.time.Duration;
import java.time.Instant;

/// Where the gateway of this host stands: a value that each look turns into the next one. No clock,
/// no I/O. Who enters [Starting] starts the program, who enters [Resting] stops what is left of it.
sealed interface Course {
  /// How many doublings make the longest wait of all.
  int MOST_DOUBLINGS = 20;

  /// Starts in a row that have failed.
  int failures();

  /// Nobody listens, and nobody has seen why: perhaps somebody else is just starting it.
  record Missing(Instant since, int failures) implements Course {}

  record Starting(Instant since, int failures) implements Course {}

  record Up(Instant since, int failures) implements Course {}

  /// The next start waits.
  ///
  /// @param why the one before has failed
  record Resting(Instant until, int failures, String why) implements Course {}

  default Course after(Sight sight, Instant now, LocalGateway rules) {
    if (sight.listens()) {
      return up(now, rules);
    }
    return switch (this) {
      case Up(Instant since, int failures) -> {
        int counted = isOver(since, rules.steadyAfter(), now) ? 0 : failures;
        yield sight.failure() == null
            ? new Missing(now, counted)
            : failed(counted, sight.failure(), now, rules);
      }
      case Missing(Instant _, int failures) when sight.failure() != null ->
          failed(failures, sight.failure(), now, rules);
      case Missing(Instant since, int failures)
          when sight.runs() && isOver(since, rules.startWindow(), now) ->
          failed(failures, "it runs, but has stopped listening", now, rules);
      case Missing(Instant since, int failures)
          when !sight.runs() && isOver(since, rules.probeWindow(), now) ->
          new Starting(now, failures);
      case Starting(Instant _, int failures) when sight.failure() != null ->
          failed(failures, sight.failure(), now, rules);
      case Starting(Instant since, int failures) when isOver(since, rules.startWindow(), now) ->
          failed(
              failures,
              "it did not listen within " + rules.startWindow().toSeconds() + " s",
              now,
              rules);
      case Resting(Instant until, int failures, String _) when !now.isBefore(until) ->
          new Starting(now, failures);
      case Missing _, Starting _, Resting _ -> this;
    };
  }

  private Course up(Instant now, LocalGateway rules) {
    return switch (this) {
      case Up(Instant since, int failures) ->
          failures > 0 && isOver(since, rules.steadyAfter(), now) ? new Up(since, 0) : this;
      case Missing _, Starting _, Resting _ -> new Up(now, failures());
    };
  }

  /// The start itself, or what it has started, has failed.
  static Course failed(int before, String why, Instant now, LocalGateway rules) {
    Duration wait = rules.retryMin().multipliedBy(1L << Math.min(before, MOST_DOUBLINGS));
    Duration most = rules.retryMax();
    return new Resting(now.plus(wait.compareTo(most) < 0 ? wait : most), before + 1, why);
  }

  private static boolean isOver(Instant since, Duration limit, Instant now) {
    return !now.isBefore(since.plus(limit));
  }

  /// What everybody is told.
  default LocalReport.Course told(LocalGateway rules) {
    if (failures() >= rules.crashAfter()) {
      return LocalReport.Course.CRASH_LOOP;
    }
    return switch (this) {
      case Up _, Missing _ -> LocalReport.Course.FINE;
      case Starting _ -> LocalReport.Course.STARTING;
      case Resting _ -> LocalReport.Course.FAILED;
    };
  }
}
