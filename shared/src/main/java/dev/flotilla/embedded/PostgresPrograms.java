package dev.flotilla.embedded;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Runs the programs of PostgreSQL as a user whom they accept: they refuse to work for root.
///
/// Root runs them in a user namespace of its own, where it is nobody and still owns its files.
record PostgresPrograms(Path home, List<String> prefix) {

  static PostgresPrograms usable(Path data) throws IOException {
    List<String> prefix = asNonRoot();
    return new PostgresPrograms(PostgresBinaries.unpackedIn(cache(data)), prefix);
  }

  private static List<String> asNonRoot() throws IOException {
    if (!"root".equals(System.getProperty("user.name"))) {
      return List.of();
    }
    List<String> namespace = List.of("unshare", "-U");
    if (succeeds(namespace)) {
      return namespace;
    }
    throw new IOException(
        "PostgreSQL does not run as root, and this machine does not let root make a user namespace"
            + " (unshare -U); run flotilla as another user");
  }

  private static boolean succeeds(List<String> prefix) throws IOException {
    List<String> command = new ArrayList<>(prefix);
    command.add("true");
    try {
      return new ProcessBuilder(command).redirectErrorStream(true).start().waitFor() == 0;
    } catch (IOException absent) {
      return false;
    } catch (InterruptedException interrupted) {
      throw interrupted(interrupted);
    }
  }

  private static Path cache(Path data) {
    String xdg = System.getenv("XDG_CACHE_HOME");
    Path root =
        xdg == null || xdg.isBlank()
            ? Path.of(System.getProperty("user.home"), ".cache")
            : Path.of(xdg);
    Path cache = root.resolve("flotilla");
    try {
      Files.createDirectories(cache);
      if (Files.isWritable(cache)) {
        return cache;
      }
    } catch (IOException noHome) {
      return data.resolveSibling("cache");
    }
    return data.resolveSibling("cache");
  }

  /// Fails with the given words and what the program said last.
  void run(String program, List<String> arguments, String failure) throws IOException {
    List<String> command = new ArrayList<>(prefix);
    command.add(home.resolve("bin").resolve(program).toString());
    command.addAll(arguments);
    // A server that the program leaves running must not hold the pipe: output goes to a file.
    Path output = Files.createTempFile("flotilla-" + program, ".out");
    try {
      ProcessBuilder builder = new ProcessBuilder(command);
      builder.environment().keySet().removeIf(name -> name.startsWith("PG"));
      builder.environment().put("LC_ALL", "C");
      Process process = builder.redirectErrorStream(true).redirectOutput(output.toFile()).start();
      process.getOutputStream().close();
      int code = process.waitFor();
      if (code != 0) {
        throw new IOException(failure + " (" + program + ": " + lastLine(output) + ")");
      }
    } catch (InterruptedException interrupted) {
      throw interrupted(interrupted);
    } finally {
      Files.delete(output);
    }
  }

  private static String lastLine(Path output) throws IOException {
    List<String> lines =
        new String(Files.readAllBytes(output), StandardCharsets.UTF_8)
            .lines()
            .map(String::strip)
            .filter(line -> !line.isEmpty())
            .toList();
    return lines.stream()
        .filter(line -> line.contains("rror:") || line.contains("could not"))
        .findFirst()
        .orElse(lines.isEmpty() ? "no output" : lines.getLast());
  }

  private static IOException interrupted(InterruptedException cause) {
    Thread.currentThread().interrupt();
    return new IOException("interrupted", cause);
  }
}
