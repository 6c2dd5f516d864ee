package dev.flotilla.gateway.conformance;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// The Autobahn test suite as a process of its own: Python on the JVM, from the jars that the
/// profile `conformance` has put into a directory.
record Autobahn(Path jars, Path reports) {
  private static final Duration LIMIT = Duration.ofMinutes(10);

  /// Verdicts that are not failures: the standard allows what was seen.
  private static final List<String> GOOD = List.of("OK", "NON-STRICT", "INFORMATIONAL");

  /// One case as the suite judges it.
  ///
  /// @param behavior what was sent and received
  /// @param closing how the connection ended
  record Verdict(String behavior, String closing) {
    boolean good() {
      return GOOD.contains(behavior) && GOOD.contains(closing);
    }
  }

  /// Runs the cases against the server, and answers each one's verdict in the suite's order.
  Map<String, Verdict> run(URI server, String agent, List<String> cases) {
    Path directory = reports.resolve(agent);
    try {
      Files.createDirectories(directory);
      JsonObject spec =
          new JsonObject()
              .put("outdir", directory.toString())
              .put("options", new JsonObject().put("failByDrop", false))
              .put(
                  "servers",
                  new JsonArray()
                      .add(new JsonObject().put("agent", agent).put("url", server.toString())))
              .put("cases", new JsonArray(cases))
              .put("exclude-cases", new JsonArray())
              .put("exclude-agent-cases", new JsonObject());
      fuzz(directory, spec);
      return verdicts(directory, agent);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private void fuzz(Path directory, JsonObject spec) throws IOException {
    Path script = directory.resolve("run.py");
    try (InputStream in = Autobahn.class.getResourceAsStream("/autobahn.py")) {
      if (in == null) {
        throw new IllegalStateException("there is no autobahn.py");
      }
      Files.write(script, in.readAllBytes());
    }
    Files.writeString(directory.resolve("spec.json"), spec.encode());
    Path log = directory.resolve("suite.log");
    Process suite =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "--sun-misc-unsafe-memory-access=allow",
                "--enable-native-access=ALL-UNNAMED",
                "-Dpython.cachedir.skip=true",
                "-cp",
                classPath(),
                "org.python.util.jython",
                script.toString(),
                directory.resolve("spec.json").toString())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    try {
      if (!suite.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS) || suite.exitValue() != 0) {
        throw new AssertionError("the suite did not end well, see " + log);
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(interrupted);
    } finally {
      suite.destroyForcibly();
    }
  }

  private String classPath() throws IOException {
    try (Stream<Path> files = Files.list(jars)) {
      return String.join(
          System.getProperty("path.separator"), files.map(Path::toString).sorted().toList());
    }
  }

  private static Map<String, Verdict> verdicts(Path directory, String agent) throws IOException {
    JsonObject index = new JsonObject(Files.readString(directory.resolve("index.json")));
    Map<String, Verdict> verdicts = new TreeMap<>();
    index
        .getJsonObject(agent)
        .forEach(
            entry -> {
              JsonObject one = (JsonObject) entry.getValue();
              verdicts.put(
                  entry.getKey(),
                  new Verdict(one.getString("behavior"), one.getString("behaviorClose")));
            });
    return verdicts;
  }
}
