package dev.flotilla.testkit;

import dev.flotilla.config.ConfigException;
import dev.flotilla.config.ConfigLoader;
import dev.flotilla.config.FleetConfig;
import dev.flotilla.embedded.EmbeddedPostgres;
import dev.flotilla.embedded.EmbeddedRedis;
import dev.flotilla.scratch.ScratchDirectory;
import dev.flotilla.store.Migrations;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/// One real PostgreSQL and one real Redis per JVM, started when first needed. Every caller gets its
/// own database and its own Redis database number, so that test classes cannot meet. Their files
/// are below `target` and are gone with the JVM: a disk full of old test data fails a build too.
public final class TestStores {
  private static final AtomicInteger NEXT = new AtomicInteger();

  /// More than one JVM ever asks for, so that nobody meets what another one has left there.
  private static final int REDIS_DATABASES = 4096;

  private final ScratchDirectory directory;
  private final EmbeddedPostgres postgres;
  private final EmbeddedRedis redis;

  private TestStores() {
    try {
      directory = ScratchDirectory.kept(Path.of("target"), "stores-");
      Path home = directory.path();
      postgres = EmbeddedPostgres.start(home.resolve("postgres"), Ports.free(), false);
      redis = EmbeddedRedis.start(home.resolve("redis"), Ports.free(), "test", REDIS_DATABASES);
    } catch (IOException failed) {
      throw new IllegalStateException("The embedded stores did not start", failed);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(interrupted);
    }
    Runtime.getRuntime().addShutdownHook(new Thread(this::stop));
  }

  private static final class Holder {
    static final TestStores ONE = new TestStores();
  }

  /// A configuration on a fresh, migrated database.
  public static FleetConfig fresh() {
    return fresh(Map.of());
  }

  /// @param settings `FLOTILLA_*` variables that win over the test defaults
  public static FleetConfig fresh(Map<String, String> settings) {
    int number = NEXT.incrementAndGet();
    String database = "test_" + number;
    TestStores stores = Holder.ONE;
    Map<String, String> all = new HashMap<>();
    all.put("FLOTILLA_IDENTITY_SECRET", "a secret that only tests use, 32 long");
    all.put("FLOTILLA_CREDENTIALS_KEY", "0123456789abcdef".repeat(4));
    all.put("FLOTILLA_POSTGRES_PORT", Integer.toString(stores.postgres.port()));
    all.put("FLOTILLA_POSTGRES_DATABASE", database);
    all.put("FLOTILLA_POSTGRES_USER", EmbeddedPostgres.USER);
    all.put("FLOTILLA_REDIS_URL", stores.redis.url() + "/" + number);
    all.putAll(settings);
    try {
      stores.postgres.createDatabase(database);
      FleetConfig config = ConfigLoader.load(null, all);
      Migrations.migrate(config.postgres());
      return config;
    } catch (SQLException | ConfigException failed) {
      throw new IllegalStateException(failed);
    }
  }

  private void stop() {
    try {
      redis.close();
      postgres.close();
      directory.remove();
    } catch (IOException failed) {
      throw new IllegalStateException(failed);
    }
  }
}
