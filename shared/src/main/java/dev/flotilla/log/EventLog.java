package dev.flotilla.log;

import dev.flotilla.bus.Addresses;
import dev.flotilla.bus.Bus;
import dev.flotilla.contract.EventKind;
import dev.flotilla.contract.Fact;
import dev.flotilla.contract.Topic;
import dev.flotilla.identity.TenantId;
import dev.flotilla.wire.RawJson;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Each tenant's log of durable events, in the tables `tenant_log` and `activity`.
///
/// The seq is taken under the row lock of the tenant's head, which the transaction holds until it
/// commits. So commit order is seq order, a rolled back transaction leaves no hole, and who sees
/// seq n can read everything before it. Append last in a transaction: every other writer of the
/// tenant waits from there to the commit.
public final class EventLog {
  private static final String ADVANCE =
      """
      insert into tenant_log as head (tenant, seq) values ($1, $2)
      on conflict (tenant) do update set seq = head.seq + $2
      returning seq, epoch
      """;
  private static final String APPEND =
      """
      insert into activity (tenant, seq, kind, topics, at, actor, correlation_id, payload)
      values ($1, $2, $3, $4, $5, $6, $7, $8::text::jsonb)
      """;
  private static final String READ =
      """
      select seq, kind, topics, at, actor, correlation_id, payload::text as payload
      from activity where tenant = $1 and seq > $2 and seq <= $3 order by seq limit $4
      """;
  private static final String HEADS =
      "select tenant, epoch, seq, floor from tenant_log where tenant = any($1)";
  private static final String BEGIN_LOG =
      "insert into tenant_log (tenant, seq) values ($1, 0) on conflict (tenant) do nothing";

  /// One fact that a transaction wants in the log.
  ///
  /// @param actor the user whose command caused it
  public record Draft(Fact fact, @Nullable String actor, @Nullable String correlationId) {}

  private final Pool pool;
  private final Bus bus;
  private final Clock clock;

  public EventLog(Pool pool, Bus bus, Clock clock) {
    this.pool = pool;
    this.bus = bus;
    this.clock = clock;
  }

  /// Appends inside the caller's transaction. [#publish] the returned batch after the commit.
  public Future<EventBatch> append(SqlConnection tx, TenantId tenant, List<Draft> drafts) {
    return tx.preparedQuery(ADVANCE)
        .execute(Tuple.of(tenant.value(), (long) drafts.size()))
        .map(rows -> rows.iterator().next())
        .compose(
            head -> {
              long first = head.getLong("seq") - drafts.size() + 1;
              List<Event> events = number(drafts, first);
              return tx.preparedQuery(APPEND)
                  .executeBatch(events.stream().map(event -> row(tenant, event)).toList())
                  .map(_ -> new EventBatch(tenant, head.getString("epoch"), events));
            });
  }

  /// Appends in a transaction of its own and publishes: for facts that no command caused.
  public Future<EventBatch> record(TenantId tenant, List<Draft> drafts) {
    return pool.withTransaction(tx -> append(tx, tenant, drafts)).onSuccess(this::publish);
  }

  /// Rings the tenant's bell with the events in hand. A bell that is not heard is made good by the
  /// feeds, which compare their position with the head.
  public void publish(EventBatch batch) {
    bus.publish(Addresses.events(batch.tenant()), batch);
  }

  /// Publishes facts that are not kept. They carry no seq.
  public void publishEphemeral(
      TenantId tenant, String epoch, List<? extends Fact> facts, @Nullable String correlationId) {
    Instant now = clock.instant();
    List<Event> events =
        facts.stream().map(fact -> Event.of(null, fact, now, null, correlationId)).toList();
    publish(new EventBatch(tenant, epoch, events));
  }

  /// At most `limit` events with `after < seq <= upTo`, in seq order.
  public Future<List<Event>> read(TenantId tenant, long after, long upTo, int limit) {
    return pool.preparedQuery(READ)
        .execute(Tuple.of(tenant.value(), after, upTo, limit))
        .map(
            rows -> {
              List<Event> events = new ArrayList<>(rows.size());
              rows.forEach(row -> events.add(event(row)));
              return events;
            });
  }

  /// The heads of those tenants that have a log.
  public Future<Map<TenantId, Head>> heads(Collection<TenantId> tenants) {
    String[] names = tenants.stream().map(TenantId::value).toArray(String[]::new);
    return pool.preparedQuery(HEADS)
        .execute(Tuple.tuple().addArrayOfString(names))
        .map(
            rows -> {
              Map<TenantId, Head> heads = new HashMap<>();
              rows.forEach(row -> heads.put(new TenantId(row.getString("tenant")), head(row)));
              return heads;
            });
  }

  /// The tenant's head; a tenant without a log gets an empty one, so that its epoch is known.
  public Future<Head> head(TenantId tenant) {
    return pool.preparedQuery(BEGIN_LOG)
        .execute(Tuple.of(tenant.value()))
        .compose(_ -> heads(List.of(tenant)))
        .map(heads -> heads.getOrDefault(tenant, new Head("", 0, 0)));
  }

  private List<Event> number(List<Draft> drafts, long first) {
    Instant now = clock.instant();
    List<Event> events = new ArrayList<>(drafts.size());
    long seq = first;
    for (Draft draft : drafts) {
      events.add(Event.of(seq++, draft.fact(), now, draft.actor(), draft.correlationId()));
    }
    return events;
  }

  private static Tuple row(TenantId tenant, Event event) {
    return Tuple.tuple()
        .addString(tenant.value())
        .addLong(event.seq())
        .addString(event.kind().name())
        .addArrayOfString(event.topics().stream().map(Topic::name).toArray(String[]::new))
        .addOffsetDateTime(event.at().atOffset(ZoneOffset.UTC))
        .addString(event.actor())
        .addString(event.correlationId())
        .addString(event.payload().text());
  }

  private static Event event(Row row) {
    OffsetDateTime at = row.getOffsetDateTime("at");
    List<Topic> topics = new ArrayList<>();
    for (String topic : row.getArrayOfStrings("topics")) {
      topics.add(new Topic(topic));
    }
    return new Event(
        row.getLong("seq"),
        EventKind.valueOf(row.getString("kind")),
        topics,
        at.toInstant(),
        row.getString("actor"),
        row.getString("correlation_id"),
        new RawJson(row.getString("payload")));
  }

  private static Head head(Row row) {
    return new Head(row.getString("epoch"), row.getLong("seq"), row.getLong("floor"));
  }
}
