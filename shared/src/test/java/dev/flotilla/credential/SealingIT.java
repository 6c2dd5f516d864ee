package dev.flotilla.credential;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flotilla.config.FleetConfig;
import dev.flotilla.config.Secret;
import dev.flotilla.identity.InstanceId;
import dev.flotilla.identity.TenantId;
import dev.flotilla.store.Stores;
import dev.flotilla.testkit.TestStores;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SealingIT {
  private static final Secret OLD = new Secret("a".repeat(64));
  private static final Secret NEW = new Secret("b".repeat(64));
  private static final TenantId ACME = new TenantId("acme");
  private static final String INSERT =
      """
      insert into instances (id, tenant, url, token, max_concurrency, created_by, created_at)
      values ($1, 'acme', 'ws://127.0.0.1:1', $2, 1, 'alice', now())
      """;

  private final FleetConfig config = TestStores.fresh();
  private final Vertx vertx = Vertx.vertx();
  private final Stores stores = Stores.open(vertx, config);
  private final Vault before = new Vault(new FleetConfig.Credentials(OLD, List.of()));
  private final Vault during = new Vault(new FleetConfig.Credentials(NEW, List.of(OLD)));
  private final Vault after = new Vault(new FleetConfig.Credentials(NEW, List.of()));

  @AfterEach
  void close() {
    vertx.close().await();
  }

  private void plain(String id, String token) {
    stores.postgres().preparedQuery(INSERT).execute(Tuple.of(id, token)).await();
  }

  private Sealing.Report complete(Vault vault) {
    return new Sealing(stores.postgres(), vault).complete().await();
  }

  private Sealing.Report renew(Vault vault) {
    return new Sealing(stores.postgres(), vault).renew().await();
  }

  private Row row(String id) {
    return stores
        .postgres()
        .preparedQuery("select token, credential, device_key from instances where id = $1")
        .execute(Tuple.of(id))
        .await()
        .iterator()
        .next();
  }

  private static String open(Vault vault, Row row, String id) {
    return vault.open(row.getString("credential"), Label.token(ACME, new InstanceId(id))).reveal();
  }

  @Test
  void whatStandsInTheTableUnsealedIsSealedOnce() {
    plain("i-1", "a-token");
    assertThat(complete(before)).isEqualTo(new Sealing.Report(1, 1, List.of()));
    Row sealed = row("i-1");
    assertThat(sealed.getString("token")).isNull();
    assertThat(open(before, sealed, "i-1")).isEqualTo("a-token");
    assertThat(
            before.open(
                sealed.getString("device_key"), Label.deviceKey(ACME, new InstanceId("i-1"))))
        .isNotNull();
    assertThat(complete(before)).isEqualTo(new Sealing.Report(1, 0, List.of()));
    assertThat(row("i-1").getString("credential")).isEqualTo(sealed.getString("credential"));
  }

  @Test
  void aKeyIsChangedInTwoStepsAndNothingIsLost() {
    plain("i-1", "one");
    plain("i-2", "two");
    complete(before);
    assertThat(complete(during).changed()).isZero();
    assertThat(renew(during)).isEqualTo(new Sealing.Report(2, 2, List.of()));
    assertThat(open(after, row("i-1"), "i-1")).isEqualTo("one");
    assertThat(open(after, row("i-2"), "i-2")).isEqualTo("two");
    assertThat(renew(after).changed()).isZero();
  }

  @Test
  void theSecretOfAWebhookIsSealedAndGoesOnToTheNextKey() {
    stores
        .postgres()
        .query(
            "insert into webhooks (id, tenant, url, secret, created_by, created_at)"
                + " values ('w-1', 'acme', 'https://h', 'hush', 'alice', now())")
        .execute()
        .await();
    assertThat(complete(before).changed()).isEqualTo(1);
    assertThat(renew(during).changed()).isEqualTo(1);
    Row row =
        stores
            .postgres()
            .query("select secret, sealed_secret from webhooks")
            .execute()
            .await()
            .iterator()
            .next();
    assertThat(row.getString("secret")).isNull();
    assertThat(
            after.open(row.getString("sealed_secret"), Label.webhookSecret(ACME, "w-1")).reveal())
        .isEqualTo("hush");
  }

  @Test
  void oneThatNoKeyOpensIsNamedAndStaysAsItIs() {
    plain("i-1", "one");
    complete(before);
    plain("i-2", "two");
    Sealing.Report report = renew(after);
    assertThat(report.changed()).isEqualTo(1);
    assertThat(report.unreadable()).singleElement().asString().contains("i-1");
    assertThat(open(before, row("i-1"), "i-1")).isEqualTo("one");
  }
}
