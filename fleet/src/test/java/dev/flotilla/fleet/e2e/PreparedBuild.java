package dev.flotilla.fleet.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

/// The build under test with the fast starts that the launcher gives to each of its own builds:
/// tests then start the nodes that users start, in two thirds of the time.
final class PreparedBuild {
  private static final int LIMIT_MINUTES = 3;
  private static final AtomicBoolean DONE = new AtomicBoolean();

  private PreparedBuild() {}

  /// Prepares the build where nobody has yet. One that cannot be prepared works the same.
  static void once(Path root, Path build) throws IOException, InterruptedException {
    if (DONE.compareAndSet(false, true) && !isPrepared(build)) {
      ProcessBuilder prepare = new ProcessBuilder(root.resolve("flotilla").toString(), "prepare");
      prepare.environment().put("FLOTILLA_DIST", build.toString());
      prepare.inheritIO().redirectOutput(ProcessBuilder.Redirect.DISCARD);
      Process running = prepare.start();
      if (!running.waitFor(LIMIT_MINUTES, TimeUnit.MINUTES)) {
        throw new AssertionError("still runs: flotilla prepare");
      }
    }
  }

  private static boolean isPrepared(Path build) throws IOException {
    Path learned = build.resolve("node.aot");
    if (!Files.exists(learned)) {
      return false;
    }
    try (Stream<Path> libraries = Files.list(build.resolve("lib"))) {
      for (Path library : libraries.toList()) {
        if (Files.getLastModifiedTime(library).compareTo(Files.getLastModifiedTime(learned)) > 0) {
          return false;
        }
      }
    }
    return true;
  }
}
