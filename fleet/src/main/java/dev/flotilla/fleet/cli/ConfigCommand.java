package dev.flotilla.fleet.cli;

import dev.flotilla.config.ConfigDoc;
import dev.flotilla.config.ConfigException;
import dev.flotilla.config.ConfigLoader;
import dev.flotilla.fleet.StartFailure;
import java.io.PrintWriter;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `flotilla config`.
@Command(name = "config", description = "Checks or documents the configuration.")
final class ConfigCommand implements Runnable {
  @Spec CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Say 'check FILE' or 'doc'");
  }

  @Command(
      name = "check",
      description = "Reads FILE and FLOTILLA_* variables as a node would, and names every problem.")
  int check(@Parameters(paramLabel = "FILE", description = "A configuration file.") Path file) {
    try {
      ConfigLoader.load(file, System.getenv());
      spec.commandLine().getOut().println(file + " is fine.");
      return 0;
    } catch (ConfigException wrong) {
      PrintWriter err = spec.commandLine().getErr();
      wrong.problems().forEach(problem -> err.println("flotilla: " + problem));
      return StartFailure.USAGE;
    }
  }

  @Command(name = "doc", description = "Prints every setting with its default, as YAML.")
  int doc() {
    spec.commandLine().getOut().print(ConfigDoc.yaml());
    spec.commandLine().getOut().flush();
    return 0;
  }
}
