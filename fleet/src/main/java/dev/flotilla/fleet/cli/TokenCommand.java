package dev.flotilla.fleet.cli;

import dev.flotilla.config.FleetConfig;
import dev.flotilla.fault.FaultException;
import dev.flotilla.identity.Role;
import dev.flotilla.identity.TenantId;
import dev.flotilla.identity.Tokens;
import dev.flotilla.identity.UserId;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `flotilla token`: prints a token and nothing else.
@Command(name = "token", description = "Prints a token for a user of a tenant.")
final class TokenCommand implements Callable<Integer> {
  @Spec CommandSpec spec;

  @Option(
      names = "--tenant",
      required = true,
      paramLabel = "ID",
      description = "The tenant that it acts in.")
  String tenant;

  @Option(names = "--user", required = true, paramLabel = "ID", description = "Who it acts for.")
  String user;

  @Option(
      names = "--role",
      required = true,
      paramLabel = "ROLE",
      description = "viewer, operator, admin or platform.")
  Role role;

  @Option(
      names = "--ttl",
      defaultValue = "12h",
      paramLabel = "TIME",
      description = "How long it is valid (default: ${DEFAULT-VALUE}).")
  Duration ttl;

  @Mixin final IdentitySource source = new IdentitySource();

  @Override
  public Integer call() throws Exception {
    if (ttl.isZero()) {
      throw new ParameterException(spec.commandLine(), "--ttl must be longer than 0s");
    }
    FleetConfig.Identity identity = source.identity();
    Vertx vertx = Vertx.vertx();
    try {
      String token =
          new Tokens(vertx, identity, Clock.systemUTC())
              .issue(new TenantId(tenant), new UserId(user), List.of(role), ttl);
      spec.commandLine().getOut().println(token);
      return 0;
    } catch (FaultException bad) {
      throw new ParameterException(spec.commandLine(), bad.fault().message(), bad);
    } finally {
      vertx.close().await();
    }
  }
}
