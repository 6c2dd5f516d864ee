package dev.flotilla.fleet.up;

import dev.flotilla.embedded.EmbeddedPostgres;
import dev.flotilla.embedded.EmbeddedRedis;
import dev.flotilla.fleet.StartFailure;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/// The embedded PostgreSQL and Redis of one data directory.
final class UpStores {
  private static final String HOST = "127.0.0.1";
  private static final String DATABASE = "flotilla";
  private static final String OWNER = "flotilla";

  /// Where they listen and what opens them.
  record Access(
      int postgresPort,
      String superuserPassword,
      String ownerPassword,
      int redisPort,
      String redisPassword) {

    static Access from(UpState state) throws StartFailure {
      return new Access(
          state.port("postgres"),
          state.password("postgres.superuser"),
          state.password("postgres.owner"),
          state.port("redis"),
          state.password("redis"));
    }

    /// What a node needs to use them.
    Map<String, Object> settings() {
      return Map.of(
          "postgres.host", HOST,
          "postgres.port", postgresPort,
          "postgres.database", DATABASE,
          "postgres.user", OWNER,
          "postgres.password", ownerPassword,
          "redis.url", "redis://:" + redisPassword + "@" + HOST + ":" + redisPort);
    }
  }

  private final EmbeddedPostgres postgres;
  private final EmbeddedRedis redis;

  private UpStores(EmbeddedPostgres postgres, EmbeddedRedis redis) {
    this.postgres = postgres;
    this.redis = redis;
  }

  /// Starts both side by side; a failure stops what had started.
  static UpStores start(UpDirectory directory, Access access) throws StartFailure {
    FutureTask<EmbeddedRedis> starting =
        new FutureTask<>(
            () ->
                EmbeddedRedis.start(directory.redis(), access.redisPort(), access.redisPassword()));
    Thread.ofPlatform().daemon().name("redis-start").start(starting);
    EmbeddedPostgres postgres;
    try {
      postgres =
          EmbeddedPostgres.start(
              directory.postgres(), access.postgresPort(), true, access.superuserPassword());
    } catch (IOException failure) {
      stopIfStarted(starting);
      throw new StartFailure(StartFailure.RUNTIME, StartFailure.reason(failure), failure);
    }
    try {
      postgres.createDatabase(DATABASE, OWNER, access.ownerPassword());
      return new UpStores(postgres, starting.get());
    } catch (SQLException | ExecutionException | InterruptedException failure) {
      stopIfStarted(starting);
      close(postgres);
      throw new StartFailure(StartFailure.RUNTIME, StartFailure.reason(failure), failure);
    }
  }

  private static void stopIfStarted(FutureTask<EmbeddedRedis> starting) {
    try {
      close(starting.get());
    } catch (ExecutionException failed) {
      return;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /// The problems of stopping, empty where all went well.
  String stop() {
    return close(redis) + close(postgres);
  }

  private static String close(AutoCloseable store) {
    try {
      store.close();
      return "";
    } catch (Exception failure) {
      return StartFailure.reason(failure) + "; ";
    }
  }
}
