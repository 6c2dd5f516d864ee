package dev.flotilla.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.flotilla.command.store.Effects;
import dev.flotilla.command.store.Sql;
import dev.flotilla.command.store.Transactions;
import dev.flotilla.contract.Fact;
import dev.flotilla.fault.FaultException;
import dev.flotilla.identity.TaskId;
import dev.flotilla.identity.TenantId;
import dev.flotilla.store.StoreFaults;
import dev.flotilla.store.Stores;
import dev.flotilla.testkit.Patience;
import dev.flotilla.testkit.StoreProxy;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TransactionsIT {
  private static final TenantId ACME = new TenantId("acme");
  private static final String DIVIDE = "select 1 / 0";

  private final CommandFleet fleet = CommandFleet.of();
  private final StoreProxy postgres = new StoreProxy(fleet.config.postgres().port());
  private final StoreProxy redis = new StoreProxy(fleet.redisPort());
  private final Stores behind = fleet.storesBehind(postgres, redis);

  @AfterEach
  void close() {
    behind.close();
    fleet.close();
    postgres.close();
    redis.close();
  }

  @Test
  void anEventIsCommittedWithoutWaitingForTheNodeAgain() {
    // On a connection that has had one PostgreSQL knows the statements, and need not be asked.
    Set<Integer> known = new HashSet<>();
    Duration shortly = Duration.ofSeconds(5);
    assertThatThrownBy(
            () -> {
              while (true) {
                run(
                    shortly,
                    (sql, _) -> {
                      RowSet<Row> connection = sql.run("select pg_backend_pid()");
                      if (!known.add(connection.iterator().next().getInteger(0))) {
                        postgres.mute();
                      }
                    });
              }
            })
        .isInstanceOf(FaultException.class);
    await()
        .untilAsserted(
            () -> assertThat(fleet.log.head(ACME).await().seq()).isEqualTo(known.size() + 1));
  }

  @Test
  void whatIsLookedAtOnlyBeforeTheCommitFailsAllOfIt() {
    assertThatThrownBy(() -> run((sql, effects) -> effects.sent(sql.send(DIVIDE))))
        .isInstanceOf(PgException.class);
    assertThat(fleet.log.head(ACME).await().seq()).isZero();
    run((_, _) -> {});
    assertThat(fleet.log.head(ACME).await().seq()).isEqualTo(1);
  }

  @Test
  void aFailureThatNobodyLookedAtIsNoSuccess() {
    assertThatThrownBy(() -> transactions(Patience.LIMIT).run((sql, _) -> sql.send(DIVIDE)))
        .isInstanceOf(PgException.class);
  }

  @Test
  void theFirstFailureIsToldAndNotWhatItMadeImpossible() {
    assertThatThrownBy(
            () ->
                run(
                    (sql, effects) -> {
                      effects.sent(sql.send(DIVIDE));
                      sql.run("select 1");
                    }))
        .hasMessageContaining("division by zero");
  }

  @Test
  void whereTheLogCannotBeAppendedToNothingIsLeftBehind() {
    fleet.log.head(ACME).await();
    SqlConnection elsewhere = fleet.stores.postgres().getConnection().await();
    elsewhere.query("begin").execute().await();
    elsewhere.query("select 1 from tenant_log where tenant = 'acme' for update").execute().await();
    assertThatThrownBy(
            () -> run((sql, _) -> sql.run("insert into tenant_log (tenant, seq) values ('x', 0)")))
        .matches(failure -> StoreFaults.is(failure, StoreFaults.LOCK_NOT_AVAILABLE));
    elsewhere.query("rollback").execute().await();
    elsewhere.close().await();
    run((_, _) -> {});
    assertThat(
            fleet.row("select string_agg(tenant || ' ' || seq, ',') from tenant_log").getString(0))
        .isEqualTo("acme 1");
  }

  private void run(BiConsumer<Sql, Effects> work) {
    run(Patience.LIMIT, work);
  }

  /// With an event.
  private void run(Duration limit, BiConsumer<Sql, Effects> work) {
    transactions(limit)
        .run(
            (sql, effects) -> {
              effects.record(
                  ACME, new Fact.TaskOutput(new TaskId("t-1"), 1, 0, "text"), null, null);
              work.accept(sql, effects);
              return "done";
            });
  }

  private Transactions transactions(Duration limit) {
    return new Transactions(behind.postgres(), fleet.log, limit);
  }
}
