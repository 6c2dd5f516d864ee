package dev.flotilla.command.instance.declared;

import dev.flotilla.command.instance.declared.DeclaredInstances.Outcome;
import dev.flotilla.telemetry.MeterNames;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps to the file that declares instances: applies it at the start, and again when this node
/// finds it to say something else, in files of tokens too. A file that cannot be applied changes
/// nothing, and is told of once.
///
/// Nodes do not agree on a file, so each acts on changes of its own only: while a new one is being
/// brought to all of them, none takes back what another one has done.
public final class Reload {
  private static final Logger LOG = LoggerFactory.getLogger(Reload.class);

  private final DeclaredInstances declared;
  private final Path path;
  private final Map<String, String> environment;
  private final MeterRegistry meters;
  // What was applied last, and why what was read last was not.
  private @Nullable InstancesFile applied;
  private @Nullable String problem;
  private List<String> told = List.of();
  private boolean waiting;

  public Reload(
      DeclaredInstances declared,
      Path path,
      Map<String, String> environment,
      MeterRegistry meters) {
    this.declared = declared;
    this.path = path;
    this.environment = environment;
    this.meters = meters;
  }

  /// Applies the file or, where that is not possible, fails with the reason.
  public void begin() {
    try {
      InstancesFile file = InstancesFile.read(path, environment);
      Outcome outcome = apply(file);
      if (outcome.refused()) {
        throw new IllegalStateException(
            path + " cannot be applied: " + String.join("; ", outcome.lines()));
      }
    } catch (InstancesFile.Unusable bad) {
      throw new IllegalStateException(bad.getMessage(), bad);
    }
  }

  /// Applies the file if it is another one now, or has left something for later.
  public void look() {
    try {
      InstancesFile file = InstancesFile.read(path, environment);
      if (waiting || !file.equals(applied)) {
        Outcome outcome = apply(file);
        complain(outcome.refused() ? String.join("; ", outcome.lines()) : null);
      }
    } catch (InstancesFile.Unusable bad) {
      complain(bad.getMessage());
    }
  }

  private Outcome apply(InstancesFile file) {
    Outcome outcome = declared.apply(file);
    applied = file;
    waiting = outcome.waiting();
    if (!outcome.lines().equals(told)) {
      outcome.lines().forEach(line -> LOG.info("{}: {}", path, line));
      told = outcome.lines();
      if (!outcome.refused()) {
        count("applied");
      }
    }
    return outcome;
  }

  private void complain(@Nullable String now) {
    if (now != null && !Objects.equals(now, problem)) {
      LOG.error("{} is not applied, and all stays as it was: {}", path, now);
      count("refused");
    }
    problem = now;
  }

  private void count(String outcome) {
    meters.counter(MeterNames.INSTANCE_FILES, "outcome", outcome).increment();
  }
}
