package dev.flotilla.scratch;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// A new directory for as long as somebody wants it.
public final class ScratchDirectory implements Closeable {
  private final Path path;
  private final Thread atExit = new Thread(this::removeQuietly, "scratch-remove");

  private ScratchDirectory(Path path) {
    this.path = path;
  }

  /// One that whoever makes it has to close or [remove][#remove()], whatever happens.
  public static ScratchDirectory kept(String prefix) throws IOException {
    return new ScratchDirectory(Files.createTempDirectory(prefix));
  }

  /// As [#kept(String)], below a directory that is made if it is missing.
  public static ScratchDirectory kept(Path parent, String prefix) throws IOException {
    Path home = Files.createDirectories(parent.toAbsolutePath());
    return new ScratchDirectory(Files.createTempDirectory(home, prefix));
  }

  /// One that is removed also when a signal is the end.
  public static ScratchDirectory untilExit(String prefix) throws IOException {
    ScratchDirectory directory = kept(prefix);
    Runtime.getRuntime().addShutdownHook(directory.atExit);
    return directory;
  }

  public Path path() {
    return path;
  }

  @Override
  public void close() throws IOException {
    Runtime.getRuntime().removeShutdownHook(atExit);
    remove();
  }

  private void removeQuietly() {
    try {
      remove();
    } catch (IOException inUse) {
      System.err.println("flotilla: " + path + " is left behind: " + inUse.getMessage());
    }
  }

  /// Removes it and all that is in it.
  public void remove() throws IOException {
    remove(path);
  }

  /// Removes a directory and all that is in it; one that is not there is removed already.
  public static void remove(Path directory) throws IOException {
    if (!Files.exists(directory)) {
      return;
    }
    try (Stream<Path> found = Files.walk(directory)) {
      List<Path> deepestFirst = found.sorted(Comparator.reverseOrder()).toList();
      for (Path each : deepestFirst) {
        Files.deleteIfExists(each);
      }
    }
  }
}
