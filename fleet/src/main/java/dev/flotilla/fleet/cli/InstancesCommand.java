package dev.flotilla.fleet.cli;

import dev.flotilla.bus.Bus;
import dev.flotilla.command.instance.declared.DeclaredInstances;
import dev.flotilla.command.instance.declared.DeclaredInstances.Outcome;
import dev.flotilla.command.instance.declared.InstancesFile;
import dev.flotilla.command.store.Transactions;
import dev.flotilla.config.FleetConfig;
import dev.flotilla.credential.Sealing;
import dev.flotilla.credential.Vault;
import dev.flotilla.fleet.StartFailure;
import dev.flotilla.log.EventLog;
import dev.flotilla.store.Stores;
import io.vertx.core.Vertx;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `flotilla instances`: works on the registered instances in the database, while the fleet runs.
@Command(name = "instances", description = "Works on the instances that are registered.")
final class InstancesCommand implements Runnable {
  private static final Duration LIMIT = Duration.ofSeconds(30);

  @Spec CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Say 'apply' or 'rekey'");
  }

  @Command(
      name = "apply",
      description = {
        "Makes the registered instances say what FILE says, and prints what was different:",
        "+ added, ~ changed, - removed, ? waits until it can be done safely. A running fleet"
            + " follows within seconds.",
        "Exit codes: 0 done, or nothing to do; 1 something cannot be done, and nothing was."
      })
  int apply(
      @Mixin NodeSettings settings,
      @Option(names = "--dry-run", description = "Only print what would be done.") boolean dryRun,
      @Parameters(paramLabel = "FILE", description = "Such as conf/instances.yaml.") Path file)
      throws StartFailure {
    InstancesFile wanted;
    try {
      wanted = InstancesFile.read(file, System.getenv());
    } catch (InstancesFile.Unusable bad) {
      throw new StartFailure(StartFailure.USAGE, String.valueOf(bad.getMessage()), bad);
    }
    FleetConfig config = settings.read();
    Vertx vertx = Vertx.vertx();
    Stores stores = Stores.open(vertx, config);
    try {
      Clock clock = Clock.systemUTC();
      EventLog log = new EventLog(stores.postgres(), new Bus(vertx, clock), clock);
      DeclaredInstances declared =
          new DeclaredInstances(
              new Transactions(stores.postgres(), log, LIMIT),
              new Vault(config.credentials()),
              clock,
              // No node hears this process: they read the table every registry.refreshInterval.
              () -> {});
      Outcome outcome = dryRun ? declared.plan(wanted) : declared.apply(wanted);
      PrintWriter out = spec.commandLine().getOut();
      outcome.lines().forEach(out::println);
      out.println(verdict(outcome, dryRun));
      return outcome.refused() ? StartFailure.RUNTIME : 0;
    } finally {
      stores.close().await();
      vertx.close().await();
    }
  }

  private static String verdict(Outcome outcome, boolean dryRun) {
    if (outcome.refused()) {
      return "Nothing was done: see the lines with !.";
    }
    if (outcome.lines().isEmpty()) {
      return "Everything is as declared.";
    }
    return dryRun ? "Nothing was done: it is a dry run." : "Done.";
  }

  @Command(
      name = "rekey",
      description = {
        "Encrypts every credential with the current credentials.key.",
        "Until then the key before has to stay in credentials.retiredKeys of every node.",
        "Exit codes: 0 all are, 1 some cannot be opened with any key."
      })
  int rekey(@Mixin NodeSettings settings) throws StartFailure {
    FleetConfig config = settings.read();
    Vault vault = new Vault(config.credentials());
    if (!vault.canSeal()) {
      throw new StartFailure(StartFailure.USAGE, "credentials.key is not set");
    }
    Vertx vertx = Vertx.vertx();
    Stores stores = Stores.open(vertx, config);
    try {
      Sealing.Report report = new Sealing(stores.postgres(), vault).renew().await();
      PrintWriter out = spec.commandLine().getOut();
      out.println(
          report.holders() + " instances and webhooks, " + report.changed() + " encrypted anew.");
      report.unreadable().forEach(out::println);
      return report.unreadable().isEmpty() ? 0 : StartFailure.RUNTIME;
    } finally {
      stores.close().await();
      vertx.close().await();
    }
  }
}
