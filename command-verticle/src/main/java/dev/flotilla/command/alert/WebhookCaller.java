package dev.flotilla.command.alert;

import dev.flotilla.command.store.Sql;
import dev.flotilla.command.store.Transactions;
import dev.flotilla.credential.Label;
import dev.flotilla.credential.Vault;
import dev.flotilla.egress.Egress;
import dev.flotilla.identity.TenantId;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.sqlclient.Row;
import java.net.URI;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Makes the calls to webhooks that are due. A call is made until it is answered with a status of
/// 2xx, each time after a longer wait, for about a day. It may come twice; its id says so.
public final class WebhookCaller {
  private static final Logger LOG = LoggerFactory.getLogger(WebhookCaller.class);
  private static final int BATCH = 20;
  private static final long LIMIT_MS = 10_000;
  private static final long FIRST_WAIT_MS = 2_000;
  private static final long LONGEST_WAIT_MS = 3_600_000;
  private static final int MAX_TRIES = 35;
  private static final int MAX_DOUBLINGS = 20;
  private static final int MAX_WORDS = 200;

  // Whoever has claimed a call and dies leaves it to others after a minute.
  private static final String CLAIM =
      """
      update webhook_calls call set tries = tries + 1, due_at = now() + interval '1 minute'
      from webhooks hook
      where hook.id = call.webhook and call.id in (
        select id from webhook_calls where sent_at is null and not given_up and due_at <= now()
        order by due_at limit $1 for update skip locked)
      returning call.id, call.body, call.tries, hook.id as hook, hook.tenant, hook.url, hook.secret,
        hook.sealed_secret
      """;
  private static final String SENT = "update webhook_calls set sent_at = now() where id = $1";
  private static final String FAILED =
      """
      update webhook_calls set last_error = $2, given_up = $3,
        due_at = now() + $4::bigint * interval '1 millisecond'
      where id = $1
      """;
  private static final String SWEEP =
      "delete from webhook_calls where created_at < now() - interval '7 days'";

  private final Transactions transactions;
  private final Vertx vertx;
  private final HttpClient client;
  private final Vault vault;
  private final Egress egress;
  private final Clock clock;

  public WebhookCaller(
      Transactions transactions, Vertx vertx, Vault vault, Egress egress, Clock clock) {
    this.transactions = transactions;
    this.vertx = vertx;
    this.client = vertx.createHttpClient();
    this.vault = vault;
    this.egress = egress;
    this.clock = clock;
  }

  public void sweep() {
    transactions.direct().run(SWEEP);
  }

  /// Makes those that are due, side by side.
  public void call() {
    Sql sql = transactions.direct();
    List<Row> due = new ArrayList<>();
    sql.run(CLAIM, BATCH).forEach(due::add);
    List<Future<Integer>> answers = due.stream().map(this::send).toList();
    Future.join(answers).otherwiseEmpty().await();
    for (int i = 0; i < due.size(); i++) {
      note(due.get(i), answers.get(i));
    }
  }

  private Future<Integer> send(Row call) {
    String body = call.getString("body");
    // What is wrong with one URL, which the client throws rather than tells, is no other call's
    // fault.
    return Future.succeededFuture(call)
        .compose(each -> egress.find(vertx, URI.create(each.getString("url"))))
        .compose(address -> client.request(to(call, body).setServer(address)))
        .compose(request -> request.send(body))
        .map(response -> response.statusCode())
        .timeout(LIMIT_MS, TimeUnit.MILLISECONDS);
  }

  private RequestOptions to(Row call, String body) {
    String signature = Signature.of(secret(call), clock.instant().getEpochSecond(), body);
    return new RequestOptions()
        .setMethod(HttpMethod.POST)
        .setAbsoluteURI(call.getString("url"))
        .setTimeout(LIMIT_MS)
        .putHeader("Content-Type", "application/json")
        .putHeader("X-Flotilla-Delivery", call.getString("id"))
        .putHeader("X-Flotilla-Signature", signature);
  }

  private String secret(Row call) {
    String sealed = call.getString("sealed_secret");
    // A node of a version before has written it, and nobody has sealed it yet.
    return sealed == null
        ? call.getString("secret")
        : vault
            .open(
                sealed,
                Label.webhookSecret(new TenantId(call.getString("tenant")), call.getString("hook")))
            .reveal();
  }

  private void note(Row call, Future<Integer> answer) {
    Sql sql = transactions.direct();
    String id = call.getString("id");
    if (answer.succeeded() && answer.result() / 100 == 2) {
      sql.run(SENT, id);
      return;
    }
    String why =
        answer.succeeded()
            ? "it answered " + answer.result()
            : String.valueOf(answer.cause().getMessage());
    int tries = call.getInteger("tries");
    boolean givenUp = tries >= MAX_TRIES;
    String words = why.substring(0, Math.min(MAX_WORDS, why.length())).replace('\0', ' ');
    LOG.info("webhook call {} failed, try {}: {}", id, tries, words);
    sql.run(FAILED, id, words, givenUp, wait(tries));
  }

  private static long wait(int tries) {
    long ceiling = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS << Math.min(tries - 1, MAX_DOUBLINGS));
    return ceiling / 2 + ThreadLocalRandom.current().nextLong(ceiling / 2 + 1);
  }
}
