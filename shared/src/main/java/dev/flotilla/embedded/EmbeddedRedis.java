package dev.flotilla.embedded;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// A real Redis server from the binary inside `org.signal:embedded-redis`, on loopback, with a
/// password and an append-only file. For `flotilla up` and tests; production has its own Redis.
///
/// It runs in its own session (`daemonize`), so that Ctrl-C in the terminal reaches the fleet
/// first.
public final class EmbeddedRedis implements AutoCloseable {
  private static final Duration START_LIMIT = Duration.ofSeconds(10);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(10);
  private static final int DATABASES = 16;

  private final Path pidFile;
  private final int port;
  private final String password;

  private EmbeddedRedis(Path pidFile, int port, String password) {
    this.pidFile = pidFile;
    this.port = port;
    this.password = password;
  }

  /// Starts a server with its files in the directory, or adopts none: one that an earlier, killed
  /// process left behind there is stopped first.
  public static EmbeddedRedis start(Path directory, int port, String password)
      throws IOException, InterruptedException {
    return start(directory, port, password, DATABASES);
  }

  /// @param databases how many numbers there are
  public static EmbeddedRedis start(Path directory, int port, String password, int databases)
      throws IOException, InterruptedException {
    Files.createDirectories(directory);
    Path pidFile = directory.resolve("redis.pid");
    stop(pidFile);
    Path log = directory.resolve("redis.log");
    Path output = directory.resolve("redis.out");
    Process launcher =
        launch(
            new ProcessBuilder(
                    binary(directory).toString(),
                    settings(directory, pidFile, log, port, password, databases).toString())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile()));
    if (launcher.waitFor() != 0) {
      throw new IOException("Redis did not start: " + Files.readString(output).strip());
    }
    long deadline = System.nanoTime() + START_LIMIT.toNanos();
    while (!answers(port, password)) {
      if (System.nanoTime() > deadline) {
        throw new IOException(
            "Redis did not start; see "
                + log
                + ". What it holds is rebuilt: if its files are broken, move "
                + directory
                + " away");
      }
      Waiting.aMoment();
    }
    return new EmbeddedRedis(pidFile, port, password);
  }

  /// A process that this JVM forks elsewhere at this moment may hold the binary open for writing,
  /// as it was while we unpacked it. Until that process has become its own program, ours is "busy".
  private static Process launch(ProcessBuilder command) throws IOException {
    long deadline = System.nanoTime() + START_LIMIT.toNanos();
    while (true) {
      try {
        return command.start();
      } catch (IOException failure) {
        boolean busy = String.valueOf(failure.getMessage()).contains("Text file busy");
        if (!busy || System.nanoTime() > deadline) {
          throw failure;
        }
        Waiting.aMoment();
      }
    }
  }

  public String url() {
    return "redis://:" + password + "@127.0.0.1:" + port;
  }

  public int port() {
    return port;
  }

  /// Stops the server after it has saved what it holds.
  @Override
  public void close() throws IOException {
    stop(pidFile);
  }

  /// A file, because a command line is everybody's to read.
  private static Path settings(
      Path directory, Path pidFile, Path log, int port, String password, int databases)
      throws IOException {
    Path file = directory.resolve("redis.conf");
    Files.deleteIfExists(file);
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.write(
        file,
        List.of(
            "bind 127.0.0.1",
            "port " + port,
            "requirepass " + password,
            "databases " + databases,
            "dir \"" + directory.toAbsolutePath() + "\"",
            "appendonly yes",
            "save \"\"",
            "daemonize yes",
            "pidfile \"" + pidFile.toAbsolutePath() + "\"",
            "logfile \"" + log.toAbsolutePath() + "\""));
    return file;
  }

  private static Path binary(Path directory) throws IOException {
    String name = "redis-server-7.0.15-" + Platform.redisName();
    Path target = directory.resolve(name);
    if (Files.isExecutable(target)) {
      return target;
    }
    try (InputStream in = EmbeddedRedis.class.getResourceAsStream("/" + name)) {
      if (in == null) {
        throw new IOException(
            "There is no embedded Redis for "
                + Platform.redisName()
                + "; use flotilla node with your own.");
      }
      Path part = directory.resolve(name + ".part");
      Files.copy(in, part, StandardCopyOption.REPLACE_EXISTING);
      Files.setPosixFilePermissions(part, PosixFilePermissions.fromString("rwx------"));
      Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
    }
    return target;
  }

  private static boolean answers(int port, String password) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(500);
      socket.getOutputStream().write(("AUTH " + password + "\r\nPING\r\n").getBytes(US_ASCII));
      byte[] reply = socket.getInputStream().readNBytes("+OK\r\n+PONG\r\n".length());
      return new String(reply, US_ASCII).contains("+PONG");
    } catch (IOException notYet) {
      return false;
    }
  }

  private static Optional<ProcessHandle> running(Path pidFile) throws IOException {
    if (!Files.exists(pidFile)) {
      return Optional.empty();
    }
    String pid = Files.readString(pidFile).strip();
    return pid.isEmpty()
        ? Optional.empty()
        : ProcessHandle.of(Long.parseLong(pid))
            .filter(ProcessHandle::isAlive)
            // Linux shows the command; a recycled pid of something else must not be stopped.
            .filter(process -> process.info().command().map(c -> c.contains("redis")).orElse(true));
  }

  private static void stop(Path pidFile) throws IOException {
    Optional<ProcessHandle> process = running(pidFile);
    if (process.isEmpty()) {
      return;
    }
    process.get().destroy();
    long deadline = System.nanoTime() + STOP_LIMIT.toNanos();
    while (Waiting.stillRuns(process.get()) && System.nanoTime() < deadline) {
      Waiting.aMoment();
    }
    process.get().destroyForcibly();
  }
}
