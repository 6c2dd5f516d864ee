package dev.flotilla.registry.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.flotilla.config.LocalGateway;
import dev.flotilla.config.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LaunchTest {
  @TempDir private Path directory;

  private static LocalGateway config(List<String> command) {
    Duration any = Duration.ofSeconds(1);
    return new LocalGateway(
        true, "local", 18_789, command, null, null, any, any, any, any, any, any, 3, any, false,
        null, null);
  }

  private Launch launch(List<String> command) {
    return new Launch(config(command), Map.of("PATH", "/does/not/exist:" + directory));
  }

  private void program(String name) throws IOException {
    Path file = Files.writeString(directory.resolve(name), "");
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }

  @Test
  void theCommandOfTheConfigurationWins() throws IOException {
    program("openclaw");
    assertThat(launch(List.of("mine", "--at={port}")).commandLine())
        .containsExactly("mine", "--at=18789");
  }

  @Test
  void otherwiseTheFirstProgramOnThePathIsRun() throws IOException {
    program("openclawd");
    assertThat(launch(List.of()).commandLine())
        .containsExactly(directory + "/openclawd", "gateway", "run", "--port", "18789");
    program("openclaw");
    assertThat(launch(List.of()).commandLine()).startsWith(directory + "/openclaw");
    program("openclaws");
    assertThat(launch(List.of()).commandLine()).startsWith(directory + "/openclaws");
  }

  @Test
  void aHostWithoutAnyOfThemIsTold() throws IOException {
    // Not executable.
    Files.writeString(directory.resolve("openclaw"), "");
    assertThatThrownBy(() -> launch(List.of()).commandLine())
        .hasMessage("none of openclaws, openclaw, openclawd is on the PATH");
  }

  @Test
  void theGatewayGetsItsOwnTokenAndNoSecretOfTheFleet() {
    Map<String, String> variables =
        new Launch(
                config(List.of()),
                Map.of("FLOTILLA_IDENTITY_SECRET", "s", "WS_AUTH_TOKEN", "t", "HOME", "/root"))
            .environment(new Secret("a-token"));
    assertThat(variables)
        .containsEntry("HOME", "/root")
        .containsEntry("OPENCLAW_GATEWAY_PORT", "18789")
        .containsEntry("OPENCLAW_GATEWAY_TOKEN", "a-token")
        .doesNotContainKeys("FLOTILLA_IDENTITY_SECRET", "WS_AUTH_TOKEN");
  }
}
