package dev.flotilla.command.tenant;

import dev.flotilla.command.pipeline.CommandContext;
import dev.flotilla.command.store.Sql;
import dev.flotilla.contract.AccessCommand;
import dev.flotilla.contract.Command;
import dev.flotilla.fault.Fault;
import dev.flotilla.fault.Reason;
import dev.flotilla.identity.TenantId;
import io.vertx.sqlclient.Row;
import java.util.Objects;

/// How much of something a tenant may have. Asked before what makes one more of it.
public final class Quotas {
  private enum Quota {
    USERS("max_users", "users where tenant = $1"),
    API_KEYS(
        "max_api_keys", "api_keys where tenant = $1 and revoked_at is null and expires_at > now()"),
    INSTANCES("max_instances", "instances where tenant = $1");

    private final String lock;
    private final String count;

    Quota(String column, String rows) {
      // What makes two that come at once count each other; without a limit nobody waits.
      this.lock =
          "select id from tenants where id = $1 and " + column + " is not null for no key update";
      this.count =
          "select "
              + column
              + " as most, (select count(*) from "
              + rows
              + ") as there"
              + " from tenants where id = $1";
    }
  }

  /// Throws QUOTA_EXCEEDED where the tenant may have no more.
  public void require(Command command, CommandContext context) {
    TenantId own = context.tenant();
    switch (command) {
      case AccessCommand.UserCreate c -> {
        TenantId tenant = Objects.requireNonNullElse(c.tenant(), own);
        require(Quota.USERS, "users", tenant, context.sql());
      }
      case AccessCommand.ApiKeyCreate _ -> require(Quota.API_KEYS, "API keys", own, context.sql());
      case Command.InstanceRegister _ -> require(Quota.INSTANCES, "instances", own, context.sql());
      default -> {}
    }
  }

  private static void require(Quota quota, String what, TenantId tenant, Sql sql) {
    if (sql.run(quota.lock, tenant.value()).size() == 0) {
      return;
    }
    Row row = sql.run(quota.count, tenant.value()).iterator().next();
    if (row.getLong("there") >= row.getInteger("most")) {
      throw Fault.of(
              Reason.QUOTA_EXCEEDED,
              "The tenant may have " + row.getInteger("most") + " " + what + ".")
          .asException();
    }
  }
}
