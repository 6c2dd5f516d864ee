package dev.flotilla.registry.testkit;

import dev.flotilla.scratch.ScratchDirectory;
import dev.flotilla.testkit.Ports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/// One real OpenClaw gateway on loopback, without channels, plugins or a way to the internet.
public final class LabGateway implements AutoCloseable {
  private static final Duration START_LIMIT = Duration.ofSeconds(90);

  private final OpenClawLab lab;
  private final String bind;
  private final int port = Ports.free();
  private final String token;
  private final ScratchDirectory scratch;
  private final Path state;
  private @Nullable Process process;

  /// @param bind where it listens: `loopback`, or `lan` for all addresses of the machine
  LabGateway(OpenClawLab lab, String name, int modelPort, String bind) {
    this.lab = lab;
    this.bind = bind;
    this.token = "test-token-" + name + "-0123456789abcdef";
    try {
      this.scratch = ScratchDirectory.kept(Path.of("target"), "openclaw-" + name + "-");
      this.state = scratch.path();
      Files.createDirectories(state.resolve("home"));
      Files.createDirectories(state.resolve("workspace"));
      Files.writeString(state.resolve("openclaw.json"), config(modelPort));
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
    Runtime.getRuntime().addShutdownHook(new Thread(this::end));
  }

  public URI url() {
    return URI.create("ws://127.0.0.1:" + port);
  }

  public int port() {
    return port;
  }

  public String token() {
    return token;
  }

  /// Starts it, also again after [#kill], and waits until it admits traffic.
  public void start() {
    ProcessBuilder command =
        new ProcessBuilder(words(Integer.toString(port)))
            .directory(state.toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(state.resolve("out.log").toFile()));
    command.environment().clear();
    command.environment().putAll(environment());
    try {
      process = command.start();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
    Awaitility.await("gateway " + state)
        .atMost(START_LIMIT)
        .pollInterval(Duration.ofMillis(250))
        .until(this::ready);
  }

  private List<String> words(String at) {
    return List.of(
        lab.node().toString(),
        lab.script().toString(),
        "gateway",
        "run",
        "--port",
        at,
        "--bind",
        bind);
  }

  /// The command by which somebody else may start it, whatever environment that one has.
  public List<String> command() {
    List<String> line = new ArrayList<>(List.of("/usr/bin/env", "-i"));
    environment().forEach((name, value) -> line.add(name + "=" + value));
    line.addAll(words("{port}"));
    return line;
  }

  /// What an operator does on the gateway's host: `openclaw` with these arguments. Returns all that
  /// it prints.
  public String openclaw(List<String> arguments) {
    List<String> line = new ArrayList<>(List.of(lab.node().toString(), lab.script().toString()));
    line.addAll(arguments);
    ProcessBuilder command =
        new ProcessBuilder(line).directory(state.toFile()).redirectErrorStream(true);
    command.environment().clear();
    command.environment().putAll(environment());
    try {
      Process running = command.start();
      String printed = new String(running.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      running.waitFor(60, TimeUnit.SECONDS);
      return printed;
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(interrupted);
    }
  }

  private Map<String, String> environment() {
    return Map.ofEntries(
        Map.entry("PATH", lab.node().getParent() + ":/usr/bin:/bin"),
        Map.entry("HOME", state.resolve("home").toString()),
        Map.entry("LANG", "C.UTF-8"),
        Map.entry("TZ", "UTC"),
        Map.entry("OPENCLAW_STATE_DIR", state.toString()),
        Map.entry("OPENCLAW_CONFIG_PATH", state.resolve("openclaw.json").toString()),
        Map.entry("OPENCLAW_SKIP_CHANNELS", "1"),
        Map.entry("OPENCLAW_SKIP_CRON", "1"),
        Map.entry("OPENCLAW_DISABLE_BONJOUR", "1"),
        Map.entry("OPENCLAW_NO_RESPAWN", "1"),
        Map.entry("OPENCLAW_NO_AUTO_UPDATE", "1"),
        Map.entry("OPENCLAW_OFFLINE", "1"),
        Map.entry("OPENCLAW_EXEC_SHELL_SNAPSHOT", "0"),
        Map.entry("DO_NOT_TRACK", "1"),
        Map.entry("NODE_OPTIONS", "--max-old-space-size=384"));
  }

  private String config(int modelPort) {
    return """
    {
      "gateway": {
        "mode": "local", "port": %d, "bind": "%s",
        "auth": { "mode": "token", "token": "%s" },
        "controlUi": { "enabled": false }, "terminal": { "enabled": false }
      },
      "update": { "checkOnStart": false },
      "telemetry": { "enabled": false },
      "logging": { "file": "%s", "level": "info", "consoleStyle": "compact" },
      "discovery": { "mdns": { "mode": "off" } },
      "models": {
        "catalogRefresh": { "enabled": false },
        "mode": "replace",
        "providers": {
          "mock": {
            "baseUrl": "http://127.0.0.1:%d/v1", "apiKey": "mock-key", "api": "openai-completions",
            "models": [ { "id": "mock-1", "name": "Mock 1", "reasoning": false, "input": ["text"],
                          "cost": { "input": 0, "output": 0, "cacheRead": 0, "cacheWrite": 0 },
                          "contextWindow": 200000, "maxTokens": 8192 } ]
          }
        }
      },
      "plugins": { "enabled": false }, "tools": { "profile": "minimal" },
      "cron": { "enabled": false }, "skills": { "allowBundled": [] },
      "agents": { "defaults": { "model": { "primary": "mock/mock-1" }, "workspace": "%s",
                                "skipBootstrap": true } }
    }
    """
        .formatted(
            port, bind, token, state.resolve("gateway.log"), modelPort, state.resolve("workspace"));
  }

  private boolean ready() throws IOException {
    Process running = process;
    if (running == null || !running.isAlive()) {
      throw new IllegalStateException("the gateway died, see " + state.resolve("out.log"));
    }
    HttpURLConnection probe =
        (HttpURLConnection)
            URI.create("http://127.0.0.1:" + port + "/readyz").toURL().openConnection();
    probe.setConnectTimeout(500);
    probe.setReadTimeout(2_000);
    try {
      return probe.getResponseCode() == 200;
    } catch (IOException notYet) {
      return false;
    } finally {
      probe.disconnect();
    }
  }

  private void end() {
    kill();
    try {
      scratch.remove();
    } catch (IOException inUse) {
      throw new UncheckedIOException(inUse);
    }
  }

  /// kill -9, its helpers included.
  public void kill() {
    Process running = process;
    if (running == null) {
      return;
    }
    process = null;
    List<ProcessHandle> family =
        Stream.concat(Stream.of(running.toHandle()), running.descendants()).toList();
    family.forEach(ProcessHandle::destroyForcibly);
    try {
      running.waitFor(10, TimeUnit.SECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    kill();
    try (Stream<Path> files = Files.walk(state)) {
      files.sorted(Comparator.reverseOrder()).forEach(path -> path.toFile().delete());
    } catch (IOException | UncheckedIOException leftOver) {
      // The directory is a temporary one: what a dying helper still writes may stay.
      return;
    }
  }
}
