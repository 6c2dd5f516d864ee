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
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Each tenant's log of durable events, in the tables `tenant_log` and `activity`.
///
/// The seq is taken under the row lock of the tenant's head, which the transaction holds until it
/// commits. So commit order is seq order, a rolled back transaction leaves no hole, and who sees
/// seq n can read everything before it. Append last in a transaction: every other writer of the
/// tenant waits from there to the commit.
public final class EventLog {
  /// One statement, so that the row lock is held for one round trip and the commit. Topics travel
  /// joined, because arrays of arrays would be flattened.
  private static final String APPEND =
      """
      with head as (
        insert into tenant_log as log (tenant, seq) values ($1, $2)
        on conflict (tenant) do update set seq = log.seq + $2
        returning seq, epoch
      ), appended as (
        insert into activity (tenant, seq, kind, topics, at, actor, correlation_id, payload)
        select $1, head.seq - $2 + fact.number, fact.kind, string_to_array(fact.topics, ' '),
               $3, fact.actor, fact.correlation_id, fact.payload::jsonb
        from head, unnest($4::text[], $5::text[], $6::text[], $7::text[], $8::text[])
          with ordinality as fact (kind, topics, actor, correlation_id, payload, number)
      )
      select seq, epoch from head
      """;
  private static final String READ =
      """
      select seq, kind, topics, at, actor, correlation_id, payload::text as payload
      from activity where tenant = $1 and seq > $2 and seq <= $3 order by seq limit $4
      """;
  private static final String SEARCH =
      """
      select seq, kind, topics, at, actor, correlation_id, payload::text as payload
      from activity where tenant = $1 and seq > $2 and seq <= $3
        and ($4::text[] is null or topics && $4) and ($5::text is null or actor = $5)
        and ($6::text[] is null or kind = any($6))
      order by seq limit $7
      """;
  private static final String FIRST_SINCE =
      "select min(seq) as seq from activity where tenant = $1 and at >= $2";
  private static final String HEADS =
      "select tenant, epoch, seq, floor from tenant_log where tenant = any($1)";
  private static final String BEGIN_LOG =
      "insert into tenant_log (tenant, seq) values ($1, 0) on conflict (tenant) do nothing";

  /// Events without a seq belong to no log.
  private static final String NO_EPOCH = "";

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
  public Future<EventBatch> append(SqlClient tx, TenantId tenant, List<Draft> drafts) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    List<Event> events =
        drafts.stream()
            .map(draft -> Event.of(null, draft.fact(), now, draft.actor(), draft.correlationId()))
            .toList();
    return tx.preparedQuery(APPEND)
        .execute(columns(tenant, now, events))
        .map(rows -> rows.iterator().next())
        .map(
            head ->
                new EventBatch(
                    tenant,
                    head.getString("epoch"),
                    number(events, head.getLong("seq") - events.size() + 1)));
  }

  /// Appends and publishes, for facts that no command caused. A statement is a transaction of its
  /// own.
  public Future<EventBatch> record(TenantId tenant, List<Draft> drafts) {
    return append(pool, tenant, drafts).onSuccess(this::publish);
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

  /// Publishes facts that are not kept, for whom no user is the cause.
  public void publishEphemeral(
      TenantId tenant, List<? extends Fact> facts, @Nullable String correlationId) {
    publishEphemeral(tenant, NO_EPOCH, facts, correlationId);
  }

  /// Publishes facts that are not kept, with what is known of their cause.
  public void publishEphemeral(TenantId tenant, List<Draft> drafts) {
    Instant now = clock.instant();
    List<Event> events =
        drafts.stream()
            .map(draft -> Event.of(null, draft.fact(), now, draft.actor(), draft.correlationId()))
            .toList();
    publish(new EventBatch(tenant, NO_EPOCH, events));
  }

  /// At most `limit` events with `after < seq <= upTo`, in seq order.
  public Future<List<Event>> read(TenantId tenant, long after, long upTo, int limit) {
    return pool.preparedQuery(READ)
        .execute(Tuple.of(tenant.value(), after, upTo, limit))
        .map(EventLog::events);
  }

  private static List<Event> events(RowSet<Row> rows) {
    List<Event> events = new ArrayList<>(rows.size());
    rows.forEach(row -> events.add(event(row)));
    return events;
  }

  /// Which of a tenant's events are looked for, in a stretch of the log. What is null is not asked.
  ///
  /// @param topics heard on one of them
  public record Search(
      long after,
      long upTo,
      @Nullable List<Topic> topics,
      @Nullable String actor,
      @Nullable List<EventKind> kinds,
      int limit) {}

  /// In seq order.
  public Future<List<Event>> find(TenantId tenant, Search search) {
    return pool.preparedQuery(SEARCH)
        .execute(
            Tuple.tuple()
                .addString(tenant.value())
                .addLong(search.after())
                .addLong(search.upTo())
                .addArrayOfString(names(search.topics(), Topic::name))
                .addString(search.actor())
                .addArrayOfString(names(search.kinds(), EventKind::name))
                .addInteger(search.limit()))
        .map(EventLog::events);
  }

  private static <T> @Nullable String @Nullable [] names(
      @Nullable List<T> things, Function<T, String> name) {
    return things == null ? null : things.stream().map(name).toArray(String[]::new);
  }

  /// The seq of the oldest event that happened then or later, 0 where there is none. Clocks of
  /// nodes differ, so an event with a greater seq may have an earlier time.
  public Future<Long> firstSince(TenantId tenant, Instant time) {
    return pool.preparedQuery(FIRST_SINCE)
        .execute(Tuple.of(tenant.value(), time.atOffset(ZoneOffset.UTC)))
        .map(
            rows -> {
              Long seq = rows.iterator().next().getLong("seq");
              return seq == null ? 0L : seq;
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

  private static List<Event> number(List<Event> events, long first) {
    List<Event> numbered = new ArrayList<>(events.size());
    long seq = first;
    for (Event event : events) {
      numbered.add(event.at(seq++));
    }
    return numbered;
  }

  private static Tuple columns(TenantId tenant, Instant now, List<Event> events) {
    return Tuple.tuple()
        .addString(tenant.value())
        .addLong((long) events.size())
        .addOffsetDateTime(now.atOffset(ZoneOffset.UTC))
        .addArrayOfString(column(events, event -> event.kind().name()))
        .addArrayOfString(column(events, EventLog::joined))
        .addArrayOfString(column(events, Event::actor))
        .addArrayOfString(column(events, Event::correlationId))
        .addArrayOfString(column(events, event -> event.payload().text()));
  }

  private static @Nullable String[] column(
      List<Event> events, Function<Event, @Nullable String> value) {
    return events.stream().map(value).toArray(String[]::new);
  }

  private static String joined(Event event) {
    return event.topics().stream().map(Topic::name).collect(Collectors.joining(" "));
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
