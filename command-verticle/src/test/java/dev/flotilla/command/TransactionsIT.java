package dev.flotilla.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.flotilla.command.store.Effects;
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
import io.vertx.sqlclient.SqlConnection;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TransactionsIT {
  private static final TenantId ACME = new TenantId("acme");

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
    // The next one has the same connection, where PostgreSQL knows the statements then.
    run(Patience.LIMIT, () -> {});
    Duration shortly = Duration.ofSeconds(2);
    assertThatThrownBy(() -> run(shortly, postgres::mute)).isInstanceOf(FaultException.class);
    await().untilAsserted(() -> assertThat(fleet.log.head(ACME).await().seq()).isEqualTo(2));
  }

  @Test
  void whatIsLookedAtOnlyBeforeTheCommitFailsAllOfIt() {
    assertThatThrownBy(
            () ->
                transactions(Patience.LIMIT)
                    .run(
                        (sql, effects) -> {
                          record(effects);
                          effects.sent(sql.send("select 1 / 0"));
                          return "done";
                        }))
        .isInstanceOf(PgException.class);
    assertThat(fleet.log.head(ACME).await().seq()).isZero();
    run(Patience.LIMIT, () -> {});
    assertThat(fleet.log.head(ACME).await().seq()).isEqualTo(1);
  }

  @Test
  void aFailureThatNobodyLookedAtIsNoSuccess() {
    assertThatThrownBy(() -> transactions(Patience.LIMIT).run((sql, _) -> sql.send("select 1 / 0")))
        .isInstanceOf(PgException.class);
  }

  @Test
  void whereTheLogCannotBeAppendedToNothingIsLeftBehind() {
    fleet.log.head(ACME).await();
    SqlConnection elsewhere = fleet.stores.postgres().getConnection().await();
    elsewhere.query("begin").execute().await();
    elsewhere.query("select 1 from tenant_log where tenant = 'acme' for update").execute().await();
    assertThatThrownBy(
            () ->
                transactions(Patience.LIMIT)
                    .run(
                        (sql, effects) -> {
                          record(effects);
                          return sql.run("insert into tenant_log (tenant, seq) values ('x', 0)");
                        }))
        .matches(failure -> StoreFaults.is(failure, StoreFaults.LOCK_NOT_AVAILABLE));
    elsewhere.query("rollback").execute().await();
    elsewhere.close().await();
    run(Patience.LIMIT, () -> {});
    assertThat(
            fleet.row("select string_agg(tenant || ' ' || seq, ',') from tenant_log").getString(0))
        .isEqualTo("acme 1");
  }

  private void run(Duration limit, Runnable atLast) {
    transactions(limit)
        .run(
            (sql, effects) -> {
              sql.run("select 1");
              record(effects);
              atLast.run();
              return "done";
            });
  }

  private Transactions transactions(Duration limit) {
    return new Transactions(behind.postgres(), fleet.log, limit);
  }

  private static void record(Effects effects) {
    effects.record(ACME, new Fact.TaskOutput(new TaskId("t-1"), 1, 0, "text"), null, null);
  }
}
