package dev.flotilla.fleet.bench.queue;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.flotilla.fleet.bench.wire.machine.Programs;
import dev.flotilla.scratch.ScratchDirectory;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/// The same work done by BullMQ from npm, which has Redis only: what it is compared with are the
/// scripts, not what is durable in PostgreSQL.
final class BullMq {
  static final String VERSION = "6.7.0";
  private static final String IOREDIS = "5.11.1";
  private static final int CONCURRENCY = 64;
  private static final String SCRIPT = "bullmq.mjs";

  private BullMq() {}

  /// True where npm and node are installed.
  static boolean possible() {
    return Programs.find("npm").isPresent() && Programs.find("node").isPresent();
  }

  /// Jobs a second, from the queue to their end.
  static double run(String redisUrl, int jobs) throws IOException, InterruptedException {
    try (ScratchDirectory scratch = ScratchDirectory.untilExit("flotilla-bullmq-");
        InputStream script =
            Objects.requireNonNull(BullMq.class.getResourceAsStream(SCRIPT), SCRIPT)) {
      Path directory = scratch.path();
      Files.writeString(directory.resolve(SCRIPT), new String(script.readAllBytes(), UTF_8));
      Programs.output(
          List.of(
              "npm",
              "install",
              "--silent",
              "--no-audit",
              "--no-fund",
              "--prefix",
              directory.toString(),
              "bullmq@" + VERSION,
              // The client that BullMQ is made for.
              "ioredis@" + IOREDIS));
      String said =
          Programs.output(
              List.of(
                  "node",
                  directory.resolve(SCRIPT).toString(),
                  redisUrl,
                  Integer.toString(jobs),
                  Integer.toString(CONCURRENCY)));
      return Double.parseDouble(said.strip());
    }
  }
}
