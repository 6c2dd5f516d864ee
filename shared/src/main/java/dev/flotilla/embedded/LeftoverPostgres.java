package dev.flotilla.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// A server that outlived the process that started it, and still holds the directory.
final class LeftoverPostgres {
  private static final Duration STOP_LIMIT = Duration.ofSeconds(15);

  private LeftoverPostgres() {}

  static void stop(Path home) throws IOException {
    Path pidFile = home.resolve("postmaster.pid");
    if (!Files.exists(pidFile)) {
      return;
    }
    Optional<ProcessHandle> process = process(pidFile);
    if (process.isEmpty()) {
      return;
    }
    if (isAlien(process.get(), home)) {
      // The pid went to another program meanwhile; the server would take it for itself and refuse.
      Files.delete(pidFile);
      return;
    }
    // SIGINT is the fast shutdown; SIGTERM would wait for clients that are gone.
    signal("-INT", process.get());
    if (!ends(process.get())) {
      signal("-QUIT", process.get());
      if (!ends(process.get())) {
        throw new IOException(
            "An earlier PostgreSQL (pid "
                + process.get().pid()
                + ") still runs on "
                + home
                + " and does not stop; stop it first");
      }
    }
  }

  private static Optional<ProcessHandle> process(Path pidFile) throws IOException {
    List<String> lines = Files.readAllLines(pidFile);
    if (lines.isEmpty()) {
      return Optional.empty();
    }
    try {
      return ProcessHandle.of(Long.parseLong(lines.getFirst().strip()));
    } catch (NumberFormatException garbage) {
      return Optional.empty();
    }
  }

  /// A dead server whose parent has not yet taken note of it shows no command; it is waited for.
  private static boolean isAlien(ProcessHandle process, Path home) {
    ProcessHandle.Info info = process.info();
    return info.command().isPresent()
        && info.arguments()
            .map(arguments -> !Arrays.asList(arguments).contains(home.toString()))
            .orElse(!info.command().get().endsWith("postgres"));
  }

  private static void signal(String name, ProcessHandle process) throws IOException {
    new ProcessBuilder("kill", name, Long.toString(process.pid()))
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  private static boolean ends(ProcessHandle process) {
    long deadline = System.nanoTime() + STOP_LIMIT.toNanos();
    while (process.isAlive() && System.nanoTime() < deadline) {
      Waiting.aMoment();
    }
    return !process.isAlive();
  }
}
