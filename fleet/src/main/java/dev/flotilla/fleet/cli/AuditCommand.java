package dev.flotilla.fleet.cli;

import dev.flotilla.fleet.StartFailure;
import dev.flotilla.fleet.audit.AuditExport;
import dev.flotilla.identity.TenantId;
import dev.flotilla.store.Stores;
import io.vertx.core.Vertx;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `flotilla audit`: who changed what.
@Command(name = "audit", description = "Reads the audit log.")
final class AuditCommand implements Runnable {
  @Spec CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Say 'export'");
  }

  @Command(
      name = "export",
      description = {
        "Prints entries of the audit log, oldest first, one JSON object per line.",
        "It reads in small steps, while the fleet runs."
      })
  int export(
      @Mixin NodeSettings settings,
      @Option(names = "--tenant", description = "Of one tenant only.") @Nullable String tenant,
      @Option(names = "--since", paramLabel = "TIME", description = "Such as 2026-11-01T00:00:00Z.")
          @Nullable String since,
      @Option(names = "--until", paramLabel = "TIME", description = "Before that time.")
          @Nullable String until)
      throws StartFailure {
    AuditExport.Range range =
        new AuditExport.Range(
            tenant == null ? null : new TenantId(tenant), time(since), time(until));
    Vertx vertx = Vertx.vertx();
    Stores stores = Stores.open(vertx, settings.read());
    try {
      new AuditExport(stores.postgres()).write(range, spec.commandLine().getOut());
      return 0;
    } finally {
      stores.close().await();
      vertx.close().await();
    }
  }

  private static @Nullable Instant time(@Nullable String text) throws StartFailure {
    try {
      return text == null ? null : Instant.parse(text);
    } catch (DateTimeParseException bad) {
      throw new StartFailure(
          StartFailure.USAGE, text + " is no time such as 2026-11-01T00:00:00Z", bad);
    }
  }
}
