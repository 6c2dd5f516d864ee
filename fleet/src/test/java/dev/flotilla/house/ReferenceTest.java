package dev.flotilla.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// The generated pages in `docs/` are what the tables say. `-Dreference.write=true` writes them.
class ReferenceTest {
  @Test
  void theReferencePagesAreThoseOfTheTables() throws IOException {
    Path docs = Path.of("..", "docs");
    for (Map.Entry<String, String> page : Reference.pages().entrySet()) {
      Path file = docs.resolve(page.getKey());
      if (Boolean.getBoolean("reference.write")) {
        Files.createDirectories(file.getParent());
        Files.writeString(file, page.getValue());
      }
      assertThat(file).as("run: make reference").hasContent(page.getValue());
    }
  }
}
