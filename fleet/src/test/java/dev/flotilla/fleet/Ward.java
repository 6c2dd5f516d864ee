package dev.flotilla.fleet;

import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.flotilla.config.FleetConfig;
import dev.flotilla.embedded.EmbeddedPostgres;
import dev.flotilla.embedded.EmbeddedRedis;
import dev.flotilla.fleet.doctor.Doctor;
import dev.flotilla.fleet.doctor.Finding;
import dev.flotilla.fleet.doctor.NodeFile;
import dev.flotilla.fleet.doctor.Patient;
import dev.flotilla.fleet.doctor.check.Checks;
import dev.flotilla.identity.NodeId;
import dev.flotilla.store.Migrations;
import dev.flotilla.testkit.Ports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/// Stores as in production, and nodes in this JVM that form a cluster: what the doctor looks at.
final class Ward implements AutoCloseable {
  private static final String LOCAL = "127.0.0.1";

  private final Path directory;
  private final EmbeddedPostgres postgres;
  private final EmbeddedRedis redis;
  private final List<Integer> clusterPorts = new ArrayList<>();
  private final Map<String, Fleet> running = new HashMap<>();

  Ward() throws IOException, InterruptedException {
    directory = Files.createTempDirectory("flotilla-ward");
    postgres = EmbeddedPostgres.start(directory.resolve("postgres"), Ports.free(), true);
    redis = EmbeddedRedis.start(directory.resolve("redis"), Ports.free(), "ward");
    for (int i = 0; i < 4; i++) {
      clusterPorts.add(Ports.free());
    }
  }

  Path directory() {
    return directory;
  }

  EmbeddedPostgres postgres() {
    return postgres;
  }

  /// A database that no node serves.
  String database(String name, boolean migrated) throws SQLException {
    postgres.createDatabase(name);
    if (migrated) {
      Path file = file("migrates-" + name, 0, Map.of("postgres.database", name));
      Migrations.migrate(config(file).postgres());
    }
    return name;
  }

  /// Writes the configuration of a node.
  ///
  /// @param place which of the cluster's ports it has
  Path file(String id, int place, Map<String, Object> more) {
    Map<String, Object> settings = new TreeMap<>();
    settings.put("node.id", id);
    settings.put("gateway.port", Ports.free());
    settings.put("cluster.port", clusterPorts.get(place));
    settings.put("cluster.name", "ward");
    settings.put("cluster.members", clusterPorts.stream().map(port -> LOCAL + ":" + port).toList());
    settings.put("postgres.port", postgres.port());
    settings.put("postgres.database", "postgres");
    settings.put("postgres.user", EmbeddedPostgres.USER);
    settings.put("redis.url", redis.url() + "/0");
    settings.put("identity.secret", "8b1c5d0f93ae27648b1c5d0f93ae2764e0");
    settings.put("credentials.key", "0123456789abcdef".repeat(4));
    settings.putAll(more);
    Map<String, Map<String, Object>> tree = new TreeMap<>();
    settings.forEach(
        (key, value) -> {
          String[] path = key.split("\\.", 2);
          tree.computeIfAbsent(path[0], _ -> new TreeMap<>()).put(path[1], value);
        });
    try {
      Path file = directory.resolve(id + "-" + Ports.free() + ".yaml");
      Files.writeString(file, new YAMLMapper().writeValueAsString(tree));
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
      return file;
    } catch (IOException failed) {
      throw new IllegalStateException(failed);
    }
  }

  /// The same node as in another file, with other settings.
  Path like(Path file, String id, Map<String, Object> more) {
    Map<String, Object> settings = new HashMap<>();
    settings.put("gateway.port", config(file).gateway().port());
    settings.putAll(more);
    return file(id, 0, settings);
  }

  static FleetConfig config(Path file) {
    FleetConfig config = NodeFile.read(file, Map.of()).config();
    if (config == null) {
      throw new IllegalStateException(file + " cannot be used");
    }
    return config;
  }

  void start(Path file, Clock clock) {
    start(file, clock, _ -> Migrations.migrate(config(file).postgres()));
  }

  void start(Path file, Clock clock, Fleet.Preparation preparation) {
    FleetConfig config = config(file);
    String id = String.valueOf(config.node().id());
    try {
      running.put(id, Fleet.start(config, new NodeId(id), clock, preparation));
    } catch (StartFailure failed) {
      throw new IllegalStateException(failed);
    }
  }

  Fleet node(String id) {
    return Objects.requireNonNull(running.get(id));
  }

  void stop(String id) {
    Fleet node = running.remove(id);
    if (node != null) {
      node.drain().await();
    }
  }

  static List<Finding> examine(boolean repair, Path... files) {
    List<NodeFile> read =
        List.of(files).stream().map(file -> NodeFile.read(file, Map.of())).toList();
    try (Patient patient = new Patient(read)) {
      return new Doctor(Checks.all()).examine(patient, repair);
    }
  }

  @Override
  public void close() throws IOException {
    List.copyOf(running.keySet()).forEach(this::stop);
    redis.close();
    postgres.close();
  }
}
