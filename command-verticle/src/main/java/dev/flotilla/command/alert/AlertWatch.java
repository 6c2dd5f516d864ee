package dev.flotilla.command.alert;

import dev.flotilla.bus.Addresses;
import dev.flotilla.bus.Bell;
import dev.flotilla.bus.Bus;
import dev.flotilla.command.instance.InstanceRow;
import dev.flotilla.command.instance.InstanceStore;
import dev.flotilla.command.store.Effects;
import dev.flotilla.command.store.Sql;
import dev.flotilla.command.store.Transactions;
import dev.flotilla.contract.AlertSeverity;
import dev.flotilla.contract.Fact;
import dev.flotilla.dispatch.InstanceReport;
import dev.flotilla.fault.FaultException;
import dev.flotilla.identity.Ids;
import dev.flotilla.identity.InstanceId;
import dev.flotilla.identity.TenantId;
import dev.flotilla.wire.Json;
import io.vertx.sqlclient.Row;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Tells tenants when something goes wrong with their instances, and when it is over: by a durable
/// alert and by calls to their webhooks, written in one transaction. Every node looks; the table
/// `open_alerts` makes it told once.
public final class AlertWatch {
  /// Of two nodes one may know a second less: it does not end at once what the other has begun.
  private static final Duration SETTLED = Duration.ofSeconds(5);

  private static final Duration ASK_LIMIT = Duration.ofSeconds(1);
  private static final String SOURCE = "fleet";
  private static final String OPEN = "select tenant, subject, since from open_alerts";
  private static final String BEGIN =
      """
      insert into open_alerts (tenant, subject, alert, since) values ($1, $2, $3, $4)
      on conflict do nothing
      """;
  private static final String END =
      "delete from open_alerts where tenant = $1 and subject = $2 returning alert";
  private static final String CALL =
      """
      insert into webhook_calls (id, webhook, body, due_at, created_at)
      select $1 || '.' || hook.id, hook.id, $2, $3, $3 from webhooks hook where hook.tenant = $4
      """;

  private record Key(TenantId tenant, String subject) {}

  /// What a webhook is told.
  ///
  /// @param type `alert.raised` or `alert.resolved`
  /// @param alert the same for both
  record Call(
      String id,
      String type,
      String alert,
      TenantId tenant,
      String subject,
      AlertSeverity severity,
      String message,
      Instant at) {}

  private final Bus bus;
  private final Transactions transactions;
  private final InstanceStore instances;
  private final Troubles troubles;
  private final Duration stale;
  private final Map<Key, Instant> suspected = new HashMap<>();
  private final Clock clock;

  public AlertWatch(
      Bus bus,
      Transactions transactions,
      InstanceStore instances,
      Duration downFor,
      Duration stale,
      Clock clock) {
    this.bus = bus;
    this.transactions = transactions;
    this.instances = instances;
    this.troubles = new Troubles(downFor, stale);
    this.stale = stale;
    this.clock = clock;
  }

  public void look() {
    Sql sql = transactions.direct();
    List<InstanceRow> rows = instances.all(sql);
    Map<Key, Instant> open = open(sql);
    if (rows.isEmpty() && open.isEmpty()) {
      return;
    }
    Map<InstanceId, InstanceReport> reports = new HashMap<>();
    try {
      bus.ask(Addresses.INSTANCES, new Bell(), ASK_LIMIT)
          .await()
          .reports()
          .forEach(report -> reports.put(report.instance(), report));
    } catch (FaultException noRegistryNode) {
      // Who knows nothing tells nothing.
      return;
    }
    Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    Map<Key, Trouble> current = new LinkedHashMap<>();
    troubles
        .in(rows, reports, now)
        .forEach(each -> current.put(new Key(each.tenant(), each.subject()), each));
    // A registry node that has just started knows nothing yet, and seems to miss everything.
    suspected.keySet().retainAll(current.keySet());
    current.forEach(
        (key, trouble) -> {
          Instant first = suspected.computeIfAbsent(key, _ -> now);
          if (!open.containsKey(key) && !first.plus(stale).isAfter(now)) {
            transactions.run((tx, effects) -> begin(tx, effects, trouble, now));
          }
        });
    Set<Key> over = new HashSet<>(open.keySet());
    over.removeAll(current.keySet());
    over.removeIf(key -> open.getOrDefault(key, now).plus(SETTLED).isAfter(now));
    over.forEach(key -> transactions.run((tx, effects) -> end(tx, effects, key, now)));
  }

  private static Map<Key, Instant> open(Sql sql) {
    Map<Key, Instant> open = new HashMap<>();
    for (Row row : sql.run(OPEN)) {
      open.put(
          new Key(new TenantId(row.getString("tenant")), row.getString("subject")),
          row.getOffsetDateTime("since").toInstant());
    }
    return open;
  }

  private boolean begin(Sql sql, Effects effects, Trouble trouble, Instant now) {
    String alert = Ids.next(clock);
    boolean first =
        sql.run(
                    BEGIN,
                    trouble.tenant().value(),
                    trouble.subject(),
                    alert,
                    now.atOffset(ZoneOffset.UTC))
                .rowCount()
            == 1;
    if (first) {
      tell(
          sql,
          effects,
          new Call(
              alert + ".1",
              "alert.raised",
              alert,
              trouble.tenant(),
              trouble.subject(),
              AlertSeverity.CRITICAL,
              trouble.message(),
              now));
    }
    return first;
  }

  private static boolean end(Sql sql, Effects effects, Key key, Instant now) {
    var ended = sql.run(END, key.tenant().value(), key.subject()).iterator();
    if (!ended.hasNext()) {
      return false;
    }
    String alert = ended.next().getString("alert");
    tell(
        sql,
        effects,
        new Call(
            alert + ".2",
            "alert.resolved",
            alert,
            key.tenant(),
            key.subject(),
            AlertSeverity.INFO,
            "It is over: " + key.subject() + ".",
            now));
    return true;
  }

  private static void tell(Sql sql, Effects effects, Call call) {
    effects.record(
        call.tenant(),
        new Fact.AlertRaised(call.id(), call.severity(), call.message(), SOURCE),
        null,
        null);
    effects.sent(
        sql.send(
            CALL,
            call.id(),
            Json.text(call),
            call.at().atOffset(ZoneOffset.UTC),
            call.tenant().value()));
  }
}
