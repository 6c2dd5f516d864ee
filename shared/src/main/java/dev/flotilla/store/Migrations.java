package dev.flotilla.store;

import dev.flotilla.config.FleetConfig;
import org.flywaydb.core.Flyway;

/// Brings the database to the schema of this version. Nodes that start together wait for each other:
/// the library takes a lock in the database. Blocks; run it before Vert.x starts.
public final class Migrations {
  private Migrations() {}

  /// @return how many migrations were applied
  public static int migrate(FleetConfig.Postgres postgres) {
    String url =
        "jdbc:postgresql://%s:%d/%s"
            .formatted(postgres.host(), postgres.port(), postgres.database());
    return Flyway.configure()
        .dataSource(url, postgres.user(), postgres.password().reveal())
        .locations("classpath:db/migration")
        .load()
        .migrate()
        .migrationsExecuted;
  }
}
