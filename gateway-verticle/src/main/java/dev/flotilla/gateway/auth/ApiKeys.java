package dev.flotilla.gateway.auth;

import dev.flotilla.account.Revocation;
import dev.flotilla.fault.Fault;
import dev.flotilla.fault.FaultException;
import dev.flotilla.fault.Reason;
import dev.flotilla.identity.ApiKey;
import dev.flotilla.identity.Principal;
import dev.flotilla.identity.Proof;
import dev.flotilla.identity.Scope;
import dev.flotilla.identity.TenantId;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Checks keys of machines against PostgreSQL, and remembers those that were right for a while: one
/// per node. A key that is revoked is forgotten as soon as the node hears of it, and refused by
/// [Revocations] besides. When a key was last used is written down every so often.
public final class ApiKeys {
  private static final Logger LOG = LoggerFactory.getLogger(ApiKeys.class);
  private static final Duration REMEMBERED = Duration.ofMinutes(1);
  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);
  private static final int MOST_REMEMBERED = 10_000;
  private static final long ANSWER_MS = 2_000;
  private static final long NOTE_MS = 5_000;
  private static final String FIND =
      """
      select tenant, scopes, created_at, expires_at from api_keys
      where id = $1 and hash = $2 and revoked_at is null and expires_at > $3
      """;
  private static final String NOTE =
      """
      update api_keys set last_used_at = $2
      where id = $1 and (last_used_at is null or last_used_at < $2)
      """;

  private record Known(Principal principal, Instant checkedAt) {}

  private final Vertx vertx;
  private final Pool postgres;
  private final Clock clock;

  /// By hash: a wrong secret with a known id finds nothing.
  private final Map<String, Known> known = new ConcurrentHashMap<>();

  private final Map<String, Instant> used = new ConcurrentHashMap<>();
  private final long timer;

  public ApiKeys(Vertx vertx, Pool postgres, Revocations revocations, Clock clock) {
    this.vertx = vertx;
    this.postgres = postgres;
    this.clock = clock;
    this.timer = vertx.setPeriodic(NOTE_MS, _ -> note());
    revocations.listen(this::forget);
  }

  /// The last uses are written down before the store goes.
  public Future<?> stop() {
    vertx.cancelTimer(timer);
    return note();
  }

  /// Whom the key acts for. Fails with a [FaultException] only.
  Future<Principal> verify(String text) {
    ApiKey key = ApiKey.parse(text).orElse(null);
    if (key == null) {
      return Future.failedFuture(invalid());
    }
    Instant now = clock.instant();
    Known remembered = known.get(key.hash());
    if (remembered != null && remembered.checkedAt().plus(REMEMBERED).isAfter(now)) {
      return Future.succeededFuture(remembered.principal()).map(this::use);
    }
    return find(key, now).map(this::use);
  }

  private Future<Principal> find(ApiKey key, Instant now) {
    Context caller = vertx.getOrCreateContext();
    Promise<Principal> answer = Promise.promise();
    postgres
        .preparedQuery(FIND)
        .execute(Tuple.of(key.id(), key.hash(), utc(now)))
        .timeout(ANSWER_MS, TimeUnit.MILLISECONDS)
        .recover(failure -> Future.failedFuture(away(failure)))
        .map(
            rows -> {
              if (rows.size() == 0) {
                throw invalid();
              }
              Principal principal = principal(key, rows.iterator().next());
              if (known.size() < MOST_REMEMBERED || known.containsKey(key.hash())) {
                known.put(key.hash(), new Known(principal, now));
              }
              return principal;
            })
        .onComplete(done -> caller.runOnContext(_ -> answer.handle(done)));
    return answer.future();
  }

  private Principal use(Principal principal) {
    Instant now = clock.instant();
    if (!principal.expiresAt().isAfter(now)) {
      throw Fault.of(Reason.TOKEN_EXPIRED, "The key has expired.").asException();
    }
    used.put(String.valueOf(principal.proof().id()), now);
    return principal;
  }

  private static Principal principal(ApiKey key, Row row) {
    Set<Scope> scopes = EnumSet.noneOf(Scope.class);
    Arrays.stream(row.getArrayOfStrings("scopes"))
        .flatMap(name -> Scope.named(name).stream())
        .forEach(scopes::add);
    return new Principal(
        new TenantId(row.getString("tenant")),
        key.user(),
        Set.of(),
        scopes,
        row.getOffsetDateTime("expires_at").toInstant(),
        new Proof(Proof.Kind.KEY, key.id(), row.getOffsetDateTime("created_at").toInstant()));
  }

  private void forget(List<Revocation> revoked) {
    known.values().removeIf(each -> revoked.stream().anyMatch(r -> r.refuses(each.principal())));
  }

  private Future<?> note() {
    Instant stale = clock.instant().minus(REMEMBERED);
    known.values().removeIf(each -> each.checkedAt().isBefore(stale));
    List<Tuple> uses = new ArrayList<>();
    for (String id : List.copyOf(used.keySet())) {
      Instant at = used.remove(id);
      if (at != null) {
        uses.add(Tuple.of(id, utc(at)));
      }
    }
    return uses.isEmpty()
        ? Future.succeededFuture()
        : postgres
            .preparedQuery(NOTE)
            .executeBatch(uses)
            .timeout(ANSWER_MS, TimeUnit.MILLISECONDS)
            .onFailure(failure -> LOG.debug("the last use of keys was not noted", failure));
  }

  private static OffsetDateTime utc(Instant instant) {
    return instant.atOffset(ZoneOffset.UTC);
  }

  private static FaultException away(Throwable failure) {
    LOG.debug("PostgreSQL did not answer about a key", failure);
    return Fault.unavailable("The store of keys", RETRY_AFTER).asException();
  }

  private static FaultException invalid() {
    return Fault.of(Reason.TOKEN_INVALID, "The key is not one of this fleet.").asException();
  }
}
