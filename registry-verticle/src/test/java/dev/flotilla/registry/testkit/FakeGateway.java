package dev.flotilla.registry.testkit;

import dev.flotilla.registry.drill.FakeInstance;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/// A [FakeInstance] as a process of its own: something that the fleet can start.
public final class FakeGateway {
  private FakeGateway() {}

  /// The command that starts it. Each start adds its pid to the file.
  public static List<String> command(Path pids) {
    return List.of(
        ProcessHandle.current().info().command().orElseThrow(),
        "-XX:TieredStopAtLevel=1",
        "-cp",
        System.getProperty("java.class.path"),
        FakeGateway.class.getName(),
        "{port}",
        pids.toString());
  }

  /// As a setting in a variable.
  public static String setting(List<String> command) {
    return "['" + String.join("','", command) + "']";
  }

  public static List<Long> pids(Path file) throws IOException {
    return Files.exists(file)
        ? Files.readAllLines(file).stream().map(Long::parseLong).toList()
        : List.of();
  }

  public static void main(String[] arguments) throws IOException {
    Files.writeString(
        Path.of(arguments[1]),
        ProcessHandle.current().pid() + "\n",
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
    FakeInstance.start(System.getenv("OPENCLAW_GATEWAY_TOKEN"), Integer.parseInt(arguments[0]));
  }
}
