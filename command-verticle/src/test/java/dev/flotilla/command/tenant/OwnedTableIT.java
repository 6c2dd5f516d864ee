package dev.flotilla.command.tenant;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flotilla.store.Stores;
import dev.flotilla.testkit.TestStores;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Tuple;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// The list of what tenants own, held to the catalogue of PostgreSQL: who adds a table with a
/// tenant in it learns here that it has to go with the tenant.
class OwnedTableIT {
  /// Tables of the fleet itself.
  private static final Set<String> FLEETS =
      Set.of("tenants", "revocation_head", "provider_logouts", "flyway_schema_history");

  private final Vertx vertx = Vertx.vertx();
  private final Stores stores = Stores.open(vertx, TestStores.fresh());

  @AfterEach
  void close() {
    stores.close().await();
    vertx.close().await();
  }

  @Test
  void everyTableWithATenantIsDeletedWithIt() {
    Set<String> owned = new TreeSet<>();
    Arrays.stream(OwnedTable.values()).map(OwnedTable::table).forEach(owned::add);
    assertThat(owned)
        .isEqualTo(
            names(
                """
                select table_name as name from information_schema.columns
                where table_schema = 'public' and column_name = 'tenant'
                """));
  }

  @Test
  void everyOtherTableIsTheFleetsOrGoesWithARowOfATenant() {
    Set<String> others =
        names("select tablename as name from pg_tables where schemaname = 'public'");
    Arrays.stream(OwnedTable.values()).map(OwnedTable::table).forEach(others::remove);
    others.removeAll(FLEETS);
    Set<String> cascading =
        names(
            """
            select conrelid::regclass::text as name from pg_constraint
            where contype = 'f' and confdeltype = 'c'
            """);
    assertThat(cascading).containsAll(others);
  }

  @Test
  void whatIsCalledASecretIsNotShown() {
    Set<String> secret =
        names(
            """
            select table_name || '.' || column_name as name from information_schema.columns
            where table_schema = 'public'
              and column_name ~ '(secret|password|token|hash|credential|device_key)'
              and table_name in (
                select table_name from information_schema.columns where column_name = 'tenant')
              and data_type = 'text'
            """);
    for (OwnedTable table : OwnedTable.allExported()) {
      for (String column : secret) {
        if (column.startsWith(table.table() + ".")) {
          assertThat(table.page()).contains(" - '" + column.split("\\.", 2)[1] + "'");
        }
      }
    }
  }

  @Test
  void aPageHoldsTheNextRowHoweverLargeItIs() {
    for (String id : List.of("a", "b")) {
      stores
          .postgres()
          .preparedQuery("insert into retention_policies values ('acme', $1, 1, $2, now())")
          .execute(Tuple.of(id, "x".repeat(2_000)))
          .await();
    }
    var page =
        stores
            .postgres()
            .preparedQuery(OwnedTable.RETENTION_POLICIES.page())
            .execute(Tuple.of("acme", null, 10, 1_000L))
            .await();
    assertThat(page).hasSize(1);
    assertThat(page.iterator().next().getString("key")).contains("\"a\"");
  }

  private Set<String> names(String query) {
    Set<String> names = new TreeSet<>();
    stores
        .postgres()
        .query(query)
        .execute()
        .await()
        .forEach(row -> names.add(row.getString("name")));
    return names;
  }
}
