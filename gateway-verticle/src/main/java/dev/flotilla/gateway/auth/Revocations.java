package dev.flotilla.gateway.auth;

import dev.flotilla.account.Revocation;
import dev.flotilla.bus.Addresses;
import dev.flotilla.bus.Bus;
import dev.flotilla.bus.Registration;
import dev.flotilla.fault.Fault;
import dev.flotilla.identity.Principal;
import dev.flotilla.identity.TenantId;
import dev.flotilla.store.SlowStart;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What was revoked, as this node knows it: one per node. Event loops ask it of every credential;
/// only the context that made it changes it.
///
/// It reads the table when the bell rings, and every so often when it does not: a message that was
/// lost keeps nothing open. Versions in the table are gap-free and in the order of commits, so what
/// is newer than the newest that was read is all that was missed.
public final class Revocations {
  private static final Logger LOG = LoggerFactory.getLogger(Revocations.class);
  private static final long ANSWER_MS = 2_000;
  private static final String READ =
      """
      select kind, tenant, subject, at, until, version from revocations
      where version > $1 order by version
      """;

  private final Vertx vertx;
  private final Pool postgres;
  private final Bus bus;
  private final Duration interval;
  private final Clock clock;
  private final Context home;
  private final RevocationBook book = new RevocationBook();
  private final Queue<Consumer<List<Revocation>>> listeners = new ConcurrentLinkedQueue<>();
  private boolean reading;
  private boolean again;
  private boolean away;
  private long timer = -1;
  private Registration bell;

  @SuppressWarnings("NullAway.Init") // Listens from its start on.
  public Revocations(Vertx vertx, Pool postgres, Bus bus, Duration interval, Clock clock) {
    this.vertx = vertx;
    this.postgres = postgres;
    this.bus = bus;
    this.interval = interval;
    this.clock = clock;
    this.home = vertx.getOrCreateContext();
  }

  /// Completes when all that was revoked before is known: nobody must be let in before.
  public Future<?> start() {
    bell = bus.listen(Addresses.REVOKED, _ -> read());
    return bell.ready()
        .compose(_ -> SlowStart.outlast(vertx, this::ask))
        .map(
            rows -> {
              learn(rows);
              timer = vertx.setPeriodic(interval.toMillis(), _ -> read());
              return null;
            });
  }

  public void stop() {
    home.runOnContext(_ -> vertx.cancelTimer(timer));
  }

  /// Hears of what is revoked from now on, on the context of this object.
  public void listen(Consumer<List<Revocation>> listener) {
    listeners.add(listener);
  }

  /// Throws where what the principal has shown was taken back.
  public Principal require(Principal principal) {
    Fault refusal = refusal(principal);
    if (refusal != null) {
      throw refusal.asException();
    }
    return principal;
  }

  /// @return null where the principal is still good
  public @Nullable Fault refusal(Principal principal) {
    return book.refusal(principal);
  }

  private void read() {
    if (reading) {
      again = true; // What is being read may be older than what the bell told of.
      return;
    }
    reading = true;
    again = false;
    ask()
        .onComplete(
            rows -> {
              reading = false;
              if (away) {
                away = false;
                LOG.info("revocations are read again");
              }
              learn(rows);
              if (again) {
                read();
              }
            },
            failure -> {
              reading = false;
              if (!away) {
                away = true;
                LOG.warn("revocations cannot be read: {}", failure.getMessage());
              }
            });
  }

  private Future<RowSet<Row>> ask() {
    return postgres
        .preparedQuery(READ)
        .execute(Tuple.of(book.version()))
        .timeout(ANSWER_MS, TimeUnit.MILLISECONDS);
  }

  private void learn(RowSet<Row> rows) {
    List<RevocationBook.Entry> read = new ArrayList<>();
    rows.forEach(
        row -> read.add(new RevocationBook.Entry(row.getLong("version"), revocation(row))));
    List<Revocation> news = book.learn(read, clock.instant());
    if (!news.isEmpty()) {
      listeners.forEach(listener -> listener.accept(news));
    }
  }

  private static Revocation revocation(Row row) {
    var until = row.getOffsetDateTime("until");
    return new Revocation(
        Revocation.Of.stored(row.getString("kind")),
        new TenantId(row.getString("tenant")),
        row.getString("subject"),
        row.getOffsetDateTime("at").toInstant(),
        until == null ? null : until.toInstant());
  }
}
