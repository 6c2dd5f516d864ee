package dev.flotilla.command.idempotency;

import dev.flotilla.command.store.Sql;
import dev.flotilla.fault.Fault;
import dev.flotilla.fault.Reason;
import dev.flotilla.identity.Ids;
import dev.flotilla.store.StoreFaults;
import dev.flotilla.wire.Json;
import dev.flotilla.wire.RawJson;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.UUID;

/// The table `idempotency_keys`. A key is claimed, and its answer stored, in the transaction of the
/// command: a node that dies leaves no claim behind.
///
/// A claim that meets one of a transaction in progress waits for it on the unique index, up to the
/// transaction's lock limit.
public record IdempotencyStore(Clock clock, Duration lifetime) {
  private static final Duration RETRY_AFTER = Duration.ofMillis(500);

  // An expired key counts as absent, also before the sweeper has come by.
  private static final String CLAIM =
      """
      insert into idempotency_keys as old
        (id, key, actor_id, method, request_hash, status, created_at, expires_at, tenant, client_key)
      values ($1, $2, $3, $4, $5, 'in_progress', $6, $7, $8, $9)
      on conflict (key) do update set
        id = excluded.id, method = excluded.method, request_hash = excluded.request_hash,
        status = excluded.status, response = null, created_at = excluded.created_at,
        expires_at = excluded.expires_at
      where old.expires_at <= excluded.created_at
      """;
  private static final String FIND =
      """
      select request_hash, status::text as status, response::text as response
      from idempotency_keys where key = $1
      """;
  private static final String FINISH =
      """
      update idempotency_keys set status = $2::text::idempotency_status, response = $3::text::jsonb
      where key = $1
      """;
  private static final String SWEEP =
      """
      delete from idempotency_keys where id in (
        select id from idempotency_keys where expires_at <= $1
        order by expires_at limit $2 for update skip locked)
      """;

  /// The first request with this key gets nothing and goes on; a repetition gets what was stored.
  public Optional<Stored> claim(Sql sql, IdempotencyKey key) {
    Future<RowSet<Row>> claim = sendClaim(sql, key);
    // What the handler does can be undone without giving up the claim.
    Future<RowSet<Row>> savepoint = sql.send("savepoint handler");
    try {
      if (sql.await(claim).rowCount() == 1) {
        sql.await(savepoint);
        return Optional.empty();
      }
    } catch (Throwable failure) {
      if (StoreFaults.is(failure, StoreFaults.LOCK_NOT_AVAILABLE)) {
        throw inProgress();
      }
      throw failure;
    }
    return Optional.of(replay(sql, key));
  }

  private Future<RowSet<Row>> sendClaim(Sql sql, IdempotencyKey key) {
    Instant now = clock.instant();
    return sql.send(
        CLAIM,
        UUID.fromString(Ids.next(clock)),
        key.key(),
        Ids.actor(key.principal().tenant(), key.principal().user()),
        key.kind().method(),
        key.requestHash(),
        now.atOffset(ZoneOffset.UTC),
        now.plus(lifetime).atOffset(ZoneOffset.UTC),
        key.principal().tenant().value(),
        key.clientKey());
  }

  private static Stored replay(Sql sql, IdempotencyKey key) {
    var rows = sql.run(FIND, key.key()).iterator();
    if (!rows.hasNext()) {
      // Swept between the two statements.
      throw inProgress();
    }
    Row row = rows.next();
    key.requireSame(row.getString("request_hash"));
    String response = row.getString("response");
    return switch (row.getString("status")) {
      // PostgreSQL orders the fields in its own way: the record brings back ours.
      case "completed" -> new Stored.Answer(RawJson.of(Json.read(response, key.kind().result())));
      case "failed" -> new Stored.Refusal(Json.read(response, Fault.class));
      default -> throw inProgress();
    };
  }

  public static RuntimeException inProgress() {
    return Fault.retryLater(Reason.IN_PROGRESS, "The same request is being worked on.", RETRY_AFTER)
        .asException();
  }

  /// Sends the statement that stores the answer; it is looked at before the commit.
  public Future<RowSet<Row>> complete(Sql sql, IdempotencyKey key, RawJson answer) {
    return sql.send(FINISH, key.key(), "completed", answer.text());
  }

  /// Undoes what the handler did, and stores why.
  public void fail(Sql sql, IdempotencyKey key, Fault fault) {
    sql.run("rollback to savepoint handler");
    sql.run(FINISH, key.key(), "failed", Json.text(fault));
  }

  /// Deletes expired keys.
  ///
  /// @return how many, at most the limit
  public int sweep(Sql sql, int limit) {
    return sql.run(SWEEP, clock.instant().atOffset(ZoneOffset.UTC), limit).rowCount();
  }
}
