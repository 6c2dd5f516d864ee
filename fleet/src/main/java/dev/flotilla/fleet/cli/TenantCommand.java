package dev.flotilla.fleet.cli;

import dev.flotilla.fault.FaultException;
import dev.flotilla.fleet.StartFailure;
import dev.flotilla.fleet.users.TenantExportClient;
import dev.flotilla.identity.TenantId;
import java.io.PrintWriter;
import java.net.URI;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `flotilla tenant`: tenants as a whole.
@Command(name = "tenant", description = "Reads everything that a tenant owns.")
final class TenantCommand implements Runnable {
  @Spec CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Say 'export'");
  }

  @Command(
      name = "export",
      description = {
        "Prints what a tenant owns, without secrets: one row in each line, as JSON.",
        "What is written meanwhile may be in it or not."
      })
  int export(
      @Option(names = "--id", required = true, paramLabel = "ID", description = "The tenant.")
          String id,
      @Option(
              names = "--url",
              defaultValue = "http://127.0.0.1:8080",
              paramLabel = "URL",
              description = "Any node of the fleet (default: ${DEFAULT-VALUE}).")
          URI url,
      @Mixin IdentitySource source)
      throws StartFailure, InterruptedException {
    try {
      PrintWriter out = spec.commandLine().getOut();
      new TenantExportClient(url, source.identity()).read(new TenantId(id), out::println);
      return 0;
    } catch (FaultException bad) {
      throw new ParameterException(spec.commandLine(), bad.fault().message(), bad);
    }
  }
}
