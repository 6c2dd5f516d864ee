package dev.flotilla.fleet.up;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/// Nodes whose supervisor was killed. They drain by themselves; the next start waits for that.
final class LeftoverNodes {
  private static final Duration PATIENCE = Duration.ofSeconds(15);
  private static final Duration CLOCK_SLACK = Duration.ofSeconds(2);

  private LeftoverNodes() {}

  static void end(Path run) throws IOException, InterruptedException {
    List<Path> pidFiles;
    try (Stream<Path> files = Files.list(run)) {
      pidFiles =
          files.filter(file -> file.getFileName().toString().matches("n\\d+\\.pid")).toList();
    }
    for (Path pidFile : pidFiles) {
      Optional<ProcessHandle> node = node(pidFile);
      if (node.isPresent()) {
        end(node.get());
      }
      Files.delete(pidFile);
    }
  }

  private static void end(ProcessHandle node) throws InterruptedException {
    node.destroy();
    try {
      node.onExit().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } catch (TimeoutException stuck) {
      node.destroyForcibly();
    } catch (ExecutionException gone) {
      return;
    }
  }

  /// A process that began after the file was written has only inherited the number.
  private static Optional<ProcessHandle> node(Path pidFile) throws IOException {
    FileTime written = Files.getLastModifiedTime(pidFile);
    Instant latest = written.toInstant().plus(CLOCK_SLACK);
    try {
      return ProcessHandle.of(Long.parseLong(Files.readString(pidFile).strip()))
          .filter(
              process ->
                  process.info().startInstant().map(start -> start.isBefore(latest)).orElse(false))
          .filter(process -> process.info().command().map(c -> c.endsWith("java")).orElse(false));
    } catch (NumberFormatException garbage) {
      return Optional.empty();
    }
  }
}
