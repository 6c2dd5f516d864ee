package dev.flotilla.fleet.cli;

import dev.flotilla.config.FleetConfig;
import dev.flotilla.credential.Sealing;
import dev.flotilla.credential.Vault;
import dev.flotilla.fleet.StartFailure;
import dev.flotilla.store.Stores;
import io.vertx.core.Vertx;
import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `flotilla instances`: works on the registered instances in the database, while the fleet runs.
@Command(name = "instances", description = "Works on the instances that are registered.")
final class InstancesCommand implements Runnable {
  @Spec CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Say 'rekey'");
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
      out.println(report.instances() + " instances, " + report.changed() + " encrypted anew.");
      report.unreadable().forEach(out::println);
      return report.unreadable().isEmpty() ? 0 : StartFailure.RUNTIME;
    } finally {
      stores.close().await();
      vertx.close().await();
    }
  }
}
