package dev.flotilla.command.alert;

import dev.flotilla.command.pipeline.CommandContext;
import dev.flotilla.config.Secret;
import dev.flotilla.contract.OpsCommand;
import dev.flotilla.contract.OpsResult.WebhookPage;
import dev.flotilla.contract.OpsResult.WebhookRemoved;
import dev.flotilla.contract.OpsResult.WebhookView;
import dev.flotilla.credential.Label;
import dev.flotilla.credential.Vault;
import dev.flotilla.egress.Egress;
import dev.flotilla.egress.Target;
import dev.flotilla.fault.Fault;
import dev.flotilla.identity.Ids;
import io.vertx.sqlclient.Row;
import java.net.URI;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/// The table `webhooks`: whom the fleet calls when something is wrong. The secret is kept
/// sealed, and only ever used, never read back to anybody.
public record Webhooks(Vault vault, Egress egress, Clock clock) {
  private static final String INSERT =
      """
      insert into webhooks (id, tenant, url, sealed_secret, created_by, created_at)
      values ($1, $2, $3, $4, $5, $6)
      """;
  private static final String LIST =
      """
      select hook.id, hook.url, hook.created_by, hook.created_at,
        (select count(*) from webhook_calls call
          where call.webhook = hook.id and call.sent_at is null and not call.given_up) as waiting,
        (select call.last_error from webhook_calls call
          where call.webhook = hook.id and call.last_error is not null
          order by call.created_at desc, call.id desc limit 1) as last_error
      from webhooks hook where hook.tenant = $1 order by hook.id
      """;
  private static final String DELETE = "delete from webhooks where tenant = $1 and id = $2";

  public WebhookView handle(OpsCommand.WebhookCreate command, CommandContext context) {
    Target.requireWebhook(command.url());
    egress.requireAllowed(command.url());
    String id = Ids.next(clock);
    String by = context.principal().user().value();
    context
        .sql()
        .run(
            INSERT,
            id,
            context.tenant().value(),
            command.url().toString(),
            vault.seal(new Secret(command.secret()), Label.webhookSecret(context.tenant(), id)),
            by,
            context.now().atOffset(ZoneOffset.UTC));
    return new WebhookView(id, command.url(), by, context.now(), 0, null);
  }

  public WebhookPage list(CommandContext context) {
    List<WebhookView> items = new ArrayList<>();
    context.sql().run(LIST, context.tenant().value()).forEach(row -> items.add(view(row)));
    return new WebhookPage(items);
  }

  public WebhookRemoved handle(OpsCommand.WebhookDelete command, CommandContext context) {
    if (context.sql().run(DELETE, context.tenant().value(), command.id()).rowCount() == 0) {
      throw Fault.notFound("webhook", command.id()).asException();
    }
    return new WebhookRemoved(command.id());
  }

  private static WebhookView view(Row row) {
    return new WebhookView(
        row.getString("id"),
        URI.create(row.getString("url")),
        row.getString("created_by"),
        row.getOffsetDateTime("created_at").toInstant(),
        Math.toIntExact(row.getLong("waiting")),
        row.getString("last_error"));
  }
}
