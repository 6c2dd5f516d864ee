package dev.flotilla.fleet.cli;

import dev.flotilla.fault.FaultException;
import dev.flotilla.fleet.users.UserClient;
import dev.flotilla.identity.Role;
import dev.flotilla.identity.TenantId;
import dev.flotilla.identity.UserId;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `flotilla user`: users who log in with a password.
@Command(name = "user", description = "Makes users who log in with a password.")
final class UserCommand implements Runnable {
  @Spec CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Say 'add'");
  }

  @Command(
      name = "add",
      description = {
        "Adds a user to a fleet that runs, and prints the password that it made, once.",
        "With --password-stdin the first line of standard input is the password."
      })
  int add(
      @Option(
              names = "--tenant",
              required = true,
              paramLabel = "ID",
              description = "The tenant that the user acts in.")
          String tenant,
      @Option(names = "--user", required = true, paramLabel = "ID", description = "The user's id.")
          String user,
      @Option(
              names = "--role",
              required = true,
              paramLabel = "ROLE",
              description = "viewer, operator, admin or platform.")
          Role role,
      @Option(
              names = "--url",
              defaultValue = "http://127.0.0.1:8080",
              paramLabel = "URL",
              description = "Any node of the fleet (default: ${DEFAULT-VALUE}).")
          URI url,
      @Option(names = "--password-stdin", description = "Read the password.") boolean fromStdin,
      @Mixin IdentitySource source)
      throws Exception {
    try {
      String password = fromStdin ? firstLine() : UserClient.newPassword();
      new UserClient(url, source.identity())
          .add(new TenantId(tenant), new UserId(user), role, password);
      if (!fromStdin) {
        spec.commandLine().getOut().println(password);
      }
      return 0;
    } catch (FaultException bad) {
      throw new ParameterException(spec.commandLine(), bad.fault().message(), bad);
    }
  }

  private String firstLine() throws IOException {
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    String line = in.readLine();
    if (line == null) {
      throw new ParameterException(spec.commandLine(), "there is no password on standard input");
    }
    return line;
  }
}
