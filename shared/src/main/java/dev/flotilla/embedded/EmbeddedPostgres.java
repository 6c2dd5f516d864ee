package dev.flotilla.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// A real PostgreSQL server from Maven Central binaries, on loopback, with its data in a directory
/// that outlives it. For `flotilla up` and tests; production has its own PostgreSQL.
///
/// Local users are trusted, as the library sets it up: nothing but loopback may reach it.
public final class EmbeddedPostgres implements AutoCloseable {
  /// The superuser that the library creates.
  public static final String USER = "postgres";

  private final io.zonky.test.db.postgres.embedded.EmbeddedPostgres server;

  private EmbeddedPostgres(io.zonky.test.db.postgres.embedded.EmbeddedPostgres server) {
    this.server = server;
  }

  /// @param durable true keeps every acknowledged commit through a power cut; tests do without
  /// @param port 0 takes a free one
  public static EmbeddedPostgres start(Path directory, int port, boolean durable)
      throws IOException {
    Files.createDirectories(directory);
    stopLeftover(directory.resolve("postmaster.pid"));
    var builder =
        io.zonky.test.db.postgres.embedded.EmbeddedPostgres.builder()
            .setDataDirectory(directory)
            .setCleanDataDirectory(false)
            .setPort(port)
            .setServerConfig("max_connections", "200")
            .setServerConfig("fsync", durable ? "on" : "off")
            .setServerConfig("synchronous_commit", durable ? "on" : "off");
    return new EmbeddedPostgres(builder.start());
  }

  public int port() {
    return server.getPort();
  }

  /// Creates the database unless it is there.
  public void createDatabase(String name) throws SQLException {
    try (Connection connection = server.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement();
        ResultSet found =
            statement.executeQuery("select 1 from pg_database where datname = '" + name + "'")) {
      if (!found.next()) {
        try (Statement create = connection.createStatement()) {
          create.execute("create database \"" + name + "\"");
        }
      }
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
  }

  /// A server that outlived a killed parent still holds the directory: it is asked to stop first.
  private static void stopLeftover(Path pidFile) throws IOException {
    if (!Files.exists(pidFile)) {
      return;
    }
    List<String> lines = Files.readAllLines(pidFile);
    Optional<ProcessHandle> leftover =
        lines.isEmpty()
            ? Optional.empty()
            : ProcessHandle.of(Long.parseLong(lines.getFirst().strip()))
                .filter(process -> process.info().command().map(c -> c.contains("postgres")).orElse(true));
    if (leftover.isPresent()) {
      // SIGINT is PostgreSQL's fast shutdown; SIGTERM would wait for clients that are gone.
      new ProcessBuilder("kill", "-INT", Long.toString(leftover.get().pid())).start();
      leftover.get().onExit().orTimeout(15, TimeUnit.SECONDS).join();
    }
  }
}
