package dev.flotilla.fleet;

import dev.flotilla.config.ConfigChange;
import dev.flotilla.config.FleetConfig;
import dev.flotilla.fault.FaultException;
import dev.flotilla.fleet.logging.Logs;
import dev.flotilla.identity.NodeId;
import dev.flotilla.store.Migrations;
import dev.flotilla.store.SlowStart;
import dev.flotilla.telemetry.Readiness;
import java.io.IOException;
import java.io.InputStream;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.flywaydb.core.api.FlywayException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One node from its configuration to its end, in a process of its own.
///
/// SIGTERM drains it: sessions, commands, instances, cluster, stores, within `node.drainTimeout`;
/// the exit code is 0 then. A database that is not up yet is waited for, Redis is not needed to
/// start.
public final class NodeRun {
  private static final Logger LOG = LoggerFactory.getLogger(NodeRun.class);

  /// Reads the configuration again.
  @FunctionalInterface
  public interface Source {
    FleetConfig read() throws StartFailure;
  }

  private final Source source;
  private final NodeId id;
  private volatile FleetConfig config;
  private volatile @Nullable Fleet fleet;
  private volatile boolean failed;

  private NodeRun(Source source, FleetConfig config, NodeId id) {
    this.source = source;
    this.config = config;
    this.id = id;
  }

  /// Returns only by a failure; a signal ends the process.
  ///
  /// @param untilEof drain also when standard input ends, which says that the parent is gone
  public static int untilStopped(Source source, boolean untilEof)
      throws StartFailure, InterruptedException {
    FleetConfig config = source.read();
    NodeRun run = new NodeRun(source, config, id(config.node().id()));
    Logs.configure(config.telemetry(), run.id.value());
    Runtime.getRuntime().addShutdownHook(new Thread(run::stop, "drain"));
    if (untilEof) {
      Thread.ofPlatform().daemon().name("parent-watch").start(NodeRun::exitAtEof);
    }
    try {
      run.start();
    } catch (StartFailure failure) {
      run.failed = true;
      throw failure;
    }
    Hangup.listen(run::reload);
    new CountDownLatch(1).await();
    return 0;
  }

  /// Takes what can change; the rest is named. A configuration that cannot be used changes nothing.
  private void reload() {
    try {
      ConfigChange change = ConfigChange.of(config, source.read());
      config = change.config();
      Logs.level(config.telemetry());
      Fleet running = fleet;
      if (running != null) {
        running.reload(config);
      }
      LOG.info("the configuration was read again; taken: {}", change.taken());
      if (!change.waiting().isEmpty()) {
        LOG.warn("these settings need a restart: {}", change.waiting());
      }
    } catch (StartFailure | IllegalArgumentException wrong) {
      LOG.error("the configuration was read again and changes nothing: {}", wrong.getMessage());
    }
  }

  private static NodeId id(@Nullable String configured) throws StartFailure {
    try {
      return new NodeId(
          configured == null
              ? "node-" + Long.toString(System.nanoTime() & 0xffffffffffL, 36)
              : configured);
    } catch (FaultException bad) {
      throw new StartFailure(
          StartFailure.USAGE, "node.id cannot be used: " + bad.fault().message(), bad);
    }
  }

  private void start() throws StartFailure {
    long begin = System.nanoTime();
    FleetConfig.Gateway gateway = config.gateway();
    ListenCheck.require(
        gateway.host(), gateway.port(), "stop what listens there, or change gateway.port");
    ListenCheck.require(
        config.cluster().host(),
        config.cluster().port(),
        "stop what listens there, or change cluster.host or cluster.port");
    try {
      fleet = Fleet.start(config, id, Clock.systemUTC(), this::migrate);
    } catch (RuntimeException failure) {
      LOG.debug("the node did not start", failure);
      throw new StartFailure(
          StartFailure.RUNTIME,
          "node " + id + " did not start: " + StartFailure.reason(failure),
          failure);
    }
    LOG.atInfo()
        .addKeyValue("ms", Duration.ofNanos(System.nanoTime() - begin).toMillis())
        .log("node {} serves at http://{}:{}", id, gateway.host(), gateway.port());
  }

  private void migrate(Readiness readiness) throws StartFailure {
    FleetConfig.Postgres postgres = config.postgres();
    try {
      readiness.starts("It waits for PostgreSQL.");
      Migrations.awaitServer(postgres, SlowStart.PATIENCE);
      readiness.starts("It migrates the database.");
      int applied = Migrations.migrate(postgres);
      LOG.info("the database has its schema; migrations applied: {}", applied);
    } catch (SQLException | FlywayException failure) {
      throw new StartFailure(
          StartFailure.RUNTIME,
          "PostgreSQL at %s:%d cannot be used: %s; see postgres.* in the configuration"
              .formatted(postgres.host(), postgres.port(), StartFailure.reason(failure)),
          failure);
    }
  }

  /// The JVM would end with 143 after SIGTERM although all is well: hence the halt.
  private void stop() {
    Fleet running = fleet;
    if (running != null) {
      LOG.info("node {} drains", id);
      try {
        running.drain().await(config.node().drainTimeout().toMillis(), TimeUnit.MILLISECONDS);
        LOG.info("node {} has stopped", id);
      } catch (Exception late) {
        LOG.error("node {} stops without having drained", id, late);
      }
    }
    if (!failed) {
      Runtime.getRuntime().halt(0);
    }
  }

  private static void exitAtEof() {
    try (InputStream in = System.in) {
      while (in.read() >= 0) {
        // Nothing is said on it: only its end counts.
      }
    } catch (IOException gone) {
      LOG.debug("standard input failed", gone);
    }
    LOG.warn("the parent process is gone");
    System.exit(0);
  }
}
