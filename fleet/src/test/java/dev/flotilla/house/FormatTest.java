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
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Every Java file is in the format of google-java-format. `-Dformat.write=true` rewrites them.
class FormatTest {
  private static final Path ROOT = Path.of("..");
  private static final int WIDTH = 100;

  /// A doc line that goes on with the sentence before: no list, tag, heading or table.
  private static final Pattern FLOWS_ON = Pattern.compile(" */// [^-*#|@ ].*");

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
      return formatter.formatSourceAndFixImports(
          RemoveUnusedImports.removeUnusedImports(wrapDocs(text)));
    } catch (FormatterException broken) {
      throw new IllegalStateException(file + " cannot be read as Java", broken);
    }
  }

  /// The formatter would break a long `///` line into one that is no doc any more.
  private static String wrapDocs(String text) {
    List<String> lines = new ArrayList<>(text.lines().toList());
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      if (line.length() <= WIDTH || !line.strip().startsWith("/// ")) {
        continue;
      }
      String head = line.substring(0, line.indexOf("///") + 4);
      int cut = line.lastIndexOf(' ', WIDTH);
      String rest = line.substring(cut + 1);
      lines.set(i, line.substring(0, cut));
      boolean flows = i + 1 < lines.size() && FLOWS_ON.matcher(lines.get(i + 1)).matches();
      if (flows) {
        lines.set(i + 1, head + rest + " " + lines.get(i + 1).strip().substring(4));
      } else {
        lines.add(i + 1, head + rest);
      }
    }
    return String.join("\n", lines) + "\n";
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
