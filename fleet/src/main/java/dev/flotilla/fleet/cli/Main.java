package dev.flotilla.fleet.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.flotilla.fleet.StartFailure;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `flotilla`, the command line.
@Command(
    name = "flotilla",
    description = "Runs and operates a fleet of OpenClaw gateways.",
    versionProvider = Version.class,
    subcommands = {
      UpCommand.class,
      NodeCommand.class,
      TokenCommand.class,
      UserCommand.class,
      TenantCommand.class,
      ConfigCommand.class,
      InstancesCommand.class,
      DoctorCommand.class,
      AuditCommand.class,
      BenchCommand.class
    },
    footer = {
      "",
      "Start here: flotilla up",
      "Exit codes: 0 done, 1 something is in the way, 2 the command or configuration is wrong."
    })
public final class Main implements Runnable {
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      scope = CommandLine.ScopeType.INHERIT,
      description = "Explain the command and end.")
  boolean help;

  @Option(
      names = {"-V", "--version"},
      versionHelp = true,
      description = "Print the version and end.")
  boolean version;

  @Spec CommandSpec spec;

  public static void main(String[] arguments) {
    System.exit(
        run(
            new PrintWriter(System.out, true, UTF_8),
            new PrintWriter(System.err, true, UTF_8),
            arguments));
  }

  static int run(PrintWriter out, PrintWriter err, String... arguments) {
    CommandLine line = new CommandLine(new Main());
    line.setOut(out);
    line.setErr(err);
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.registerConverter(java.time.Duration.class, Durations::parse);
    line.setParameterExceptionHandler(Main::refuse);
    line.setExecutionExceptionHandler(Main::explain);
    return line.execute(arguments);
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Say what to do");
  }

  private static int refuse(ParameterException refused, String[] arguments) {
    CommandLine line = refused.getCommandLine();
    line.getErr()
        .println(
            "flotilla: "
                + String.valueOf(refused.getMessage()).lines().findFirst().orElse("")
                + " (see "
                + line.getCommandSpec().qualifiedName()
                + " --help)");
    return StartFailure.USAGE;
  }

  private static int explain(
      Exception failure, CommandLine line, CommandLine.ParseResult arguments) {
    if (failure instanceof StartFailure known) {
      line.getErr().println("flotilla: " + known.getMessage());
      return known.exitCode();
    }
    line.getErr().println("flotilla: " + StartFailure.reason(failure));
    if (System.getenv("DEBUG") != null) {
      failure.printStackTrace(line.getErr());
    }
    return StartFailure.RUNTIME;
  }
}
