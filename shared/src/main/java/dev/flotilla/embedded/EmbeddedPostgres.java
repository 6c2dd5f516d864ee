package dev.flotilla.embedded;

import dev.flotilla.scratch.ScratchDirectory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A real PostgreSQL server from Maven Central binaries, on loopback, with its data in a directory
/// that outlives it. For `flotilla up` and for tests; production has its own PostgreSQL.
public final class EmbeddedPostgres implements AutoCloseable {
  /// The superuser.
  public static final String USER = "postgres";

  private final Path directory;
  private final PostgresPrograms programs;
  private final int port;
  private final @Nullable String password;

  private EmbeddedPostgres(
      Path directory, PostgresPrograms programs, int port, @Nullable String password) {
    this.directory = directory;
    this.programs = programs;
    this.port = port;
    this.password = password;
  }

  /// A server for tests: every local user is trusted.
  ///
  /// @param durable true keeps every acknowledged commit through a power cut; tests do without
  public static EmbeddedPostgres start(Path directory, int port, boolean durable)
      throws IOException {
    return start(directory, port, durable, null);
  }

  /// Starts the server; one that an earlier, killed process left behind there is stopped first.
  ///
  /// @param password of the superuser since the directory was made; null trusts every local user
  public static EmbeddedPostgres start(
      Path directory, int port, boolean durable, @Nullable String password) throws IOException {
    Path home = directory.toAbsolutePath().normalize();
    PostgresPrograms programs = PostgresPrograms.usable(home);
    if (!Files.exists(home.resolve("PG_VERSION"))) {
      create(home, programs, durable, password);
    }
    LeftoverPostgres.stop(home);
    long logged = Files.exists(log(home)) ? Files.size(log(home)) : 0;
    try {
      programs.run(
          "pg_ctl",
          List.of(
              "-D",
              home.toString(),
              "-l",
              log(home).toString(),
              "-w",
              "-t",
              "60",
              "-o",
              String.join(" ", options(port, durable)),
              "start"),
          "PostgreSQL did not start");
    } catch (IOException failure) {
      throw new IOException(
          "PostgreSQL did not start: " + lastFatal(log(home), logged, failure), failure);
    }
    return new EmbeddedPostgres(home, programs, port, password);
  }

  /// The directory gets its name when it is complete, so that a first start that was killed half
  /// way leaves nothing behind that looks like data.
  private static void create(
      Path home, PostgresPrograms programs, boolean durable, @Nullable String password)
      throws IOException {
    Files.createDirectories(home);
    try (var files = Files.list(home)) {
      if (files.findAny().isPresent()) {
        throw new IOException(
            home
                + " holds no PostgreSQL data (it has no PG_VERSION) and is not empty; restore it,"
                + " or move it away to start with an empty database");
      }
    }
    Path part = home.resolveSibling(home.getFileName() + ".part");
    ScratchDirectory.remove(part);
    List<String> arguments =
        new ArrayList<>(List.of("-D", part.toString(), "-U", USER, "-E", "UTF8", "--no-locale"));
    Path secret = home.resolveSibling(home.getFileName() + ".password");
    if (password == null) {
      arguments.add("--auth=trust");
    } else {
      Files.deleteIfExists(secret);
      Files.createFile(
          secret,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.writeString(secret, password);
      arguments.addAll(List.of("--auth=scram-sha-256", "--pwfile=" + secret));
    }
    if (!durable) {
      arguments.add("--no-sync");
    }
    programs.run("initdb", arguments, "The PostgreSQL data directory could not be made");
    Files.deleteIfExists(secret);
    Files.delete(home);
    Files.move(part, home, StandardCopyOption.ATOMIC_MOVE);
  }

  private static List<String> options(int port, boolean durable) {
    Map<String, String> settings = new TreeMap<>();
    settings.put("port", Integer.toString(port));
    settings.put("listen_addresses", "127.0.0.1");
    settings.put("unix_socket_directories", "");
    settings.put("max_connections", "200");
    settings.put("fsync", durable ? "on" : "off");
    settings.put("synchronous_commit", durable ? "on" : "off");
    settings.put("full_page_writes", durable ? "on" : "off");
    settings.put("timezone", "UTC");
    if (!durable) {
      // What nobody recovers from needs no gigabyte of log.
      settings.put("max_wal_size", "128MB");
    }
    List<String> options = new ArrayList<>();
    settings.forEach((name, value) -> options.add("-c " + name + "=" + value));
    return options;
  }

  private static Path log(Path home) {
    return home.resolveSibling(home.getFileName() + ".log");
  }

  private static String lastFatal(Path log, long from, IOException failure) throws IOException {
    if (!Files.exists(log)) {
      return String.valueOf(failure.getMessage());
    }
    byte[] all = Files.readAllBytes(log);
    String added = new String(all, (int) from, all.length - (int) from, StandardCharsets.UTF_8);
    return added
        .lines()
        .filter(line -> line.contains("FATAL:") || line.contains("PANIC:"))
        .map(line -> line.replaceFirst(".*(FATAL|PANIC):\\s*", ""))
        .reduce((_, last) -> last)
        .map(line -> line + " (see " + log + ")")
        .orElse("see " + log);
  }

  public int port() {
    return port;
  }

  /// Creates the database unless it is there.
  public void createDatabase(String name) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      if (isAbsent(statement, "select 1 from pg_database where datname = '" + name + "'")) {
        statement.execute("create database \"" + name + "\"");
      }
    }
  }

  /// Creates the database and a user who owns it, and gives the user the password.
  public void createDatabase(String name, String owner, String ownerPassword) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      if (isAbsent(statement, "select 1 from pg_roles where rolname = '" + owner + "'")) {
        statement.execute("create role \"" + owner + "\" login");
      }
      statement.execute("alter role \"" + owner + "\" password '" + ownerPassword + "'");
      if (isAbsent(statement, "select 1 from pg_database where datname = '" + name + "'")) {
        statement.execute("create database \"" + name + "\" owner \"" + owner + "\"");
      }
    }
  }

  private static boolean isAbsent(Statement statement, String query) throws SQLException {
    try (ResultSet found = statement.executeQuery(query)) {
      return !found.next();
    }
  }

  private Connection connect() throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:" + port + "/postgres", USER, password);
  }

  /// Stops the server: open transactions are rolled back, committed ones are on disk.
  @Override
  public void close() throws IOException {
    programs.run(
        "pg_ctl",
        List.of("-D", directory.toString(), "-m", "fast", "-w", "-t", "30", "stop"),
        "PostgreSQL did not stop");
  }
}
