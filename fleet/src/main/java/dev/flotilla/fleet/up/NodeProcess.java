package dev.flotilla.fleet.up;

import dev.flotilla.config.ConfigException;
import dev.flotilla.config.ConfigLoader;
import dev.flotilla.config.FleetConfig;
import dev.flotilla.fleet.StartFailure;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// One node of the fleet as a child process, started again where it is asked to.
///
/// The child reads its standard input and drains when that ends: the operating system closes it
/// when this process dies, however it dies.
final class NodeProcess {
  private static final long LOG_LIMIT = 16L << 20;
  private static final int HTTP_LIMIT_MS = 3000;

  /// What it is started with.
  record Setup(
      String id,
      int port,
      int clusterPort,
      Duration drainTimeout,
      Path config,
      Path pidFile,
      Path log,
      Launch launch) {}

  /// How any node of this fleet is started.
  record Launch(List<String> command, Map<String, String> environment) {}

  private final Setup setup;
  private @Nullable Process process;
  private long logStart;
  private long startedAt;

  NodeProcess(Setup setup) {
    this.setup = setup;
  }

  String id() {
    return setup.id();
  }

  String url() {
    return "http://127.0.0.1:" + setup.port();
  }

  int clusterPort() {
    return setup.clusterPort();
  }

  Duration drainTimeout() {
    return setup.drainTimeout();
  }

  /// Its configuration, as it reads it.
  FleetConfig config() throws StartFailure {
    try {
      return ConfigLoader.load(setup.config(), setup.launch().environment());
    } catch (ConfigException wrong) {
      throw new StartFailure(
          StartFailure.USAGE, setup.config() + ": " + String.join("; ", wrong.problems()), wrong);
    }
  }

  synchronized Process start() throws IOException {
    rotateLog();
    logStart = Files.exists(setup.log()) ? Files.size(setup.log()) : 0;
    List<String> command = new ArrayList<>(setup.launch().command());
    command.addAll(List.of("node", "--config", setup.config().toString(), "--until-eof"));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().clear();
    builder.environment().putAll(setup.launch().environment());
    builder.redirectErrorStream(true);
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(setup.log().toFile()));
    Process started = builder.start();
    startedAt = System.nanoTime();
    process = started;
    Files.writeString(setup.pidFile(), started.pid() + "\n");
    return started;
  }

  /// Starts it unless it should not run any more. No end can come between the look and the start.
  synchronized void startUnless(BooleanSupplier ended) throws IOException {
    if (!ended.getAsBoolean()) {
      start();
    }
  }

  /// Waits for its end.
  int exitCode() throws InterruptedException {
    Process running;
    synchronized (this) {
      running = process;
    }
    return running == null ? 0 : running.waitFor();
  }

  synchronized boolean isAlive() {
    return process != null && process.isAlive();
  }

  synchronized long pid() {
    if (process == null) {
      throw new IllegalStateException(setup.id() + " has not been started");
    }
    return process.pid();
  }

  synchronized Duration age() {
    return Duration.ofNanos(System.nanoTime() - startedAt);
  }

  /// True when the node itself says that it can do its work.
  boolean isReady() {
    try {
      HttpURLConnection connection =
          (HttpURLConnection) URI.create(url() + "/health/ready").toURL().openConnection();
      connection.setConnectTimeout(HTTP_LIMIT_MS);
      connection.setReadTimeout(HTTP_LIMIT_MS);
      try {
        return connection.getResponseCode() == 200;
      } finally {
        connection.disconnect();
      }
    } catch (IOException notYet) {
      return false;
    }
  }

  /// The last complaint since the start, or where to look for one.
  synchronized String complaint() {
    try {
      byte[] all = Files.readAllBytes(setup.log());
      int from = (int) Math.min(logStart, all.length);
      return new String(all, from, all.length - from, StandardCharsets.UTF_8)
          .lines()
          .filter(line -> line.startsWith("flotilla: ") || line.startsWith("Error"))
          .reduce((_, last) -> last)
          .map(line -> line.replaceFirst("^flotilla: ", ""))
          .orElse("see " + setup.log());
    } catch (IOException noLog) {
      return "there is no log at " + setup.log();
    }
  }

  synchronized void terminate() {
    if (process != null) {
      // Not Process.destroy: it would also close the child's standard input, which says another
      // thing.
      process.toHandle().destroy();
    }
  }

  /// Waits for the end, and enforces it after the limit. False where it had to.
  boolean await(Duration limit) throws InterruptedException {
    Process ending;
    synchronized (this) {
      ending = process;
    }
    if (ending == null) {
      return true;
    }
    boolean ended = ending.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
    if (!ended) {
      ending.destroyForcibly().waitFor();
    }
    return ended;
  }

  void forget() throws IOException {
    Files.deleteIfExists(setup.pidFile());
  }

  private void rotateLog() throws IOException {
    if (Files.exists(setup.log()) && Files.size(setup.log()) > LOG_LIMIT) {
      Path old = setup.log().resolveSibling(setup.log().getFileName() + ".1");
      Files.move(setup.log(), old, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  static Launch launch(Map<String, String> environment) throws StartFailure {
    String dist = System.getProperty("flotilla.dist");
    if (dist == null) {
      throw new StartFailure(
          StartFailure.USAGE, "up needs the script flotilla, which knows where the build is");
    }
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("@" + Path.of(dist, "conf", "node.jvm"));
    Path learned = Path.of(dist, "node.aot");
    if (Files.exists(learned)) {
      command.add("-XX:AOTCache=" + learned);
    }
    for (String option : System.getProperty("flotilla.node.options", "").split("\\s+", -1)) {
      if (!option.isEmpty()) {
        command.add(option);
      }
    }
    command.addAll(
        List.of(
            "-cp", Path.of(dist, "lib", "flotilla.jar").toString(), "dev.flotilla.fleet.cli.Main"));
    return new Launch(List.copyOf(command), environment);
  }
}
