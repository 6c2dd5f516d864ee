package dev.flotilla.store;

import dev.flotilla.config.FleetConfig;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.MigrationInfo;

/// Brings the database to the schema of this version. Nodes that start together wait for each
/// other: the library takes a lock in the database. Blocks.
public final class Migrations {
  private Migrations() {}

  /// @return how many migrations were applied
  public static int migrate(FleetConfig.Postgres postgres) {
    return flyway(postgres, 0).migrate().migrationsExecuted;
  }

  /// Waits for a server that is not up yet, as happens when everything starts at once. A server
  /// that answers and refuses (password, database) is not waited for.
  public static void awaitServer(FleetConfig.Postgres postgres, Duration patience)
      throws SQLException {
    try (Connection connection =
        DriverManager.getConnection(url(postgres), postgres.user(), postgres.password().reveal())) {
      connection.isValid(1);
    } catch (SQLException refused) {
      if (!mayComeUp(refused)) {
        throw refused;
      }
      // Whatever it is asked, the library waits until it can connect.
      flyway(postgres, (int) patience.toSeconds()).info();
    }
  }

  /// What a database has of the schema of this version. Changes nothing.
  ///
  /// @param current the newest version that it has, or none
  /// @param pending what a node of this version would do
  /// @param unknown what a newer version has done
  public record Schema(
      String current, List<String> pending, List<String> failed, List<String> unknown) {}

  public static Schema look(FleetConfig.Postgres postgres) {
    List<String> pending = new ArrayList<>();
    List<String> failed = new ArrayList<>();
    List<String> unknown = new ArrayList<>();
    String current = "none";
    for (MigrationInfo each : flyway(postgres, 0).info().all()) {
      String version = String.valueOf(each.getVersion());
      switch (each.getState()) {
        case SUCCESS -> current = version;
        case PENDING -> pending.add(version);
        case FAILED, FUTURE_FAILED, MISSING_FAILED -> failed.add(version);
        default -> unknown.add(version);
      }
    }
    return new Schema(current, pending, failed, unknown);
  }

  private static Flyway flyway(FleetConfig.Postgres postgres, int retries) {
    return Flyway.configure()
        .dataSource(url(postgres), postgres.user(), postgres.password().reveal())
        .connectRetries(retries)
        .connectRetriesInterval(1)
        .locations("classpath:db/migration")
        .load();
  }

  private static String url(FleetConfig.Postgres postgres) {
    return "jdbc:postgresql://%s:%d/%s"
        .formatted(postgres.host(), postgres.port(), postgres.database());
  }

  /// Class 08 is the connection itself; 57P03 says that the server is starting up.
  private static boolean mayComeUp(SQLException refused) {
    String state = String.valueOf(refused.getSQLState());
    return state.startsWith("08") || state.equals("57P03");
  }
}
