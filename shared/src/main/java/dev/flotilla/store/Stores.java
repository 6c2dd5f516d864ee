package dev.flotilla.store;

import dev.flotilla.config.FleetConfig;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClientOptions;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisOptions;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/// A node's connections to PostgreSQL and Redis. Both pools make new connections by themselves when
/// a server comes back.
public record Stores(Pool postgres, Redis redis) {
  private static final Duration SILENCE_LIMIT = Duration.ofSeconds(10);
  private static final int MAX_WAITING = 10_000;

  public static Stores open(Vertx vertx, FleetConfig config) {
    return new Stores(postgres(vertx, config.postgres()), redis(vertx, config.redis()));
  }

  private static Pool postgres(Vertx vertx, FleetConfig.Postgres config) {
    PgConnectOptions connect =
        new PgConnectOptions()
            .setHost(config.host())
            .setPort(config.port())
            .setDatabase(config.database())
            .setUser(config.user())
            .setPassword(config.password().reveal())
            .setCachePreparedStatements(true);
    connect
        .addProperty("application_name", "flotilla")
        .addProperty("statement_timeout", Long.toString(config.statementTimeout().toMillis()))
        // A frozen node must not hold what it has locked.
        .addProperty("idle_in_transaction_session_timeout", "5000");
    PoolOptions pool =
        new PoolOptions()
            .setMaxSize(config.poolSize())
            .setConnectionTimeout(3)
            .setConnectionTimeoutUnit(TimeUnit.SECONDS)
            .setShared(true)
            .setName("postgres-" + config.port() + "-" + config.database());
    return PgBuilder.pool().with(pool).with(net()).connectingTo(connect).using(vertx).build();
  }

  private static Redis redis(Vertx vertx, FleetConfig.Redis config) {
    return Redis.createClient(
        vertx, options(config).setMaxPoolSize(config.poolSize()).setMaxPoolWaiting(MAX_WAITING));
  }

  /// A client of its own for one connection that subscribes: such a connection cannot go back to
  /// a pool.
  public static Redis subscriber(Vertx vertx, FleetConfig.Redis config) {
    return Redis.createClient(vertx, options(config).setMaxPoolSize(1).setMaxPoolWaiting(1));
  }

  private static RedisOptions options(FleetConfig.Redis config) {
    return new RedisOptions().setConnectionString(config.url().reveal()).setNetClientOptions(net());
  }

  /// A server that falls silent without a word must not keep a connection for good.
  private static NetClientOptions net() {
    return new NetClientOptions()
        .setTcpKeepAlive(true)
        .setTcpNoDelay(true)
        .setTcpUserTimeout((int) SILENCE_LIMIT.toMillis());
  }

  public Future<Void> close() {
    redis.close();
    return postgres.close();
  }
}
