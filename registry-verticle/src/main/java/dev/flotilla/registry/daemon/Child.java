package dev.flotilla.registry.daemon;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The gateway's process, which this node has started.
///
/// @param log where all goes that it prints
record Child(Process process, Path log) {
  private static final int LAST_BYTES = 2048;
  private static final int LAST_LETTERS = 200;

  static Child start(List<String> command, Map<String, String> environment, Path log)
      throws IOException {
    prepare(log);
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
            .redirectOutput(log.toFile());
    builder.environment().clear();
    builder.environment().putAll(environment);
    return new Child(builder.start(), log);
  }

  /// The output before is kept.
  private static void prepare(Path log) throws IOException {
    Path directory = log.getParent();
    if (directory != null) {
      Files.createDirectories(directory);
    }
    if (Files.exists(log)) {
      Files.move(
          log, log.resolveSibling(log.getFileName() + ".1"), StandardCopyOption.REPLACE_EXISTING);
    }
  }

  boolean runs() {
    return process.isAlive();
  }

  /// How it has failed; null while it runs and where it ended well.
  @Nullable String failure() {
    if (process.isAlive() || process.exitValue() == 0) {
      return null;
    }
    String last = lastLine();
    return "it ended with exit code "
        + process.exitValue()
        + (last.isEmpty() ? "" : " (" + last + ")")
        + ", see "
        + log;
  }

  private String lastLine() {
    try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
      file.seek(Math.max(0, file.length() - LAST_BYTES));
      byte[] tail = new byte[LAST_BYTES];
      int read = file.read(tail);
      String text = read < 0 ? "" : new String(tail, 0, read, StandardCharsets.UTF_8);
      String line =
          text.lines().map(String::strip).filter(each -> !each.isEmpty()).reduce("", (_, b) -> b);
      return line.length() > LAST_LETTERS ? line.substring(0, LAST_LETTERS) : line;
    } catch (IOException unreadable) {
      // The exit code says enough.
      return "";
    }
  }

  /// Asks it to stop, and kills what is left then, its helpers included. Waits for the end.
  void stop(Duration limit) throws InterruptedException {
    List<ProcessHandle> family =
        Stream.concat(Stream.of(process.toHandle()), process.descendants()).toList();
    process.destroy();
    if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
      process.destroyForcibly().waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
    }
    family.forEach(ProcessHandle::destroyForcibly);
  }
}
