package dev.flotilla.house;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flotilla.config.ConfigDoc;
import dev.flotilla.config.ConfigLoader;
import dev.flotilla.config.FleetConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// `conf/flotilla.yaml` is what `flotilla config doc` prints. `-Dreference.write=true` writes it.
class ConfigDocTest {
  private static final Path FILE = Path.of("..", "conf", "flotilla.yaml");
  private static final Map<String, String> REQUIRED =
      Map.of("FLOTILLA_IDENTITY_SECRET", "a secret that only tests use, 32 long");

  @Test
  void theFileIsWhatTheCommandPrints() throws IOException {
    if (Boolean.getBoolean("reference.write")) {
      Files.writeString(FILE, ConfigDoc.yaml());
    }
    assertThat(FILE).as("run: make reference").hasContent(ConfigDoc.yaml());
  }

  @Test
  void theFileSaysExactlyTheDefaults() throws Exception {
    FleetConfig fromFile = ConfigLoader.load(FILE, REQUIRED);
    FleetConfig defaults = ConfigLoader.load(null, REQUIRED);
    assertThat(fromFile)
        .usingRecursiveComparison()
        .ignoringFields("identity.secret", "postgres.password", "redis.url")
        .isEqualTo(defaults);
    assertThat(fromFile.redis().url().reveal()).isEqualTo(defaults.redis().url().reveal());
  }
}
