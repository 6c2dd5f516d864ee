package dev.flotilla.house;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.FormatterException;
import com.google.googlejavaformat.java.JavaFormatterOptions;
import com.google.googlejavaformat.java.RemoveUnusedImports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Every Java file is in the format of google-java-format. `-Dformat.write=true` rewrites them.
class FormatTest {
  private static final Path ROOT = Path.of("..");
  private final Formatter formatter =
      new Formatter(
          JavaFormatterOptions.builder().style(JavaFormatterOptions.Style.GOOGLE).build());

  @Test
  void everyJavaFileIsFormatted() throws Exception {
    List<String> unformatted = new ArrayList<>();
    for (Path file : sources()) {
      String text = Files.readString(file);
      String formatted = format(file, text);
      if (text.equals(formatted)) {
        continue;
      }
      if (Boolean.getBoolean("format.write")) {
        Files.writeString(file, formatted);
      } else {
        unformatted.add(ROOT.relativize(file).toString());
      }
    }
    assertThat(unformatted).as("run: make format").isEmpty();
  }

  private String format(Path file, String text) {
    try {
      return formatter.formatSourceAndFixImports(RemoveUnusedImports.removeUnusedImports(text));
    } catch (FormatterException broken) {
      throw new IllegalStateException(file + " cannot be read as Java", broken);
    }
  }

  private static List<Path> sources() throws IOException {
    List<Path> sources = new ArrayList<>();
    try (Stream<Path> modules = Files.list(ROOT)) {
      for (Path module : modules.filter(path -> Files.isDirectory(path.resolve("src"))).toList()) {
        try (Stream<Path> files = Files.walk(module.resolve("src"))) {
          files.filter(file -> file.toString().endsWith(".java")).forEach(sources::add);
        }
      }
    }
    assertThat(sources).hasSizeGreaterThan(50);
    return sources;
  }
}
