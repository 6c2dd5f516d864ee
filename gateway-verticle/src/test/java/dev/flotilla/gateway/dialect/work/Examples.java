package dev.flotilla.gateway.dialect.work;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import dev.flotilla.work.v1.WorkProto.WebSocketMessage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/// The contract's examples, as this module reads them.
final class Examples {
  static final Path ROOT = root();
  private static final Path CONTRACT = ROOT.resolve("shared/src/main/resources/contract/example");

  private Examples() {}

  /// The project's directory, from wherever the tests run.
  private static Path root() {
    Path directory = Path.of("").toAbsolutePath();
    while (!Files.exists(directory.resolve("docs/protocol"))) {
      directory = Objects.requireNonNull(directory.getParent(), "no docs/protocol above");
    }
    return directory;
  }

  /// Names of the work examples, such as `subscribe.since`.
  static List<String> names() {
    try (Stream<Path> files = Files.list(CONTRACT.resolve("work"))) {
      return files
          .map(file -> file.getFileName().toString().replaceAll("\\.json$", ""))
          .sorted()
          .toList();
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  static String text(String path) {
    try {
      return Files.readString(CONTRACT.resolve(path + ".json"));
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  static WebSocketMessage work(String name) {
    return message(text("work/" + name));
  }

  /// A name that is in no message is an error.
  static WebSocketMessage message(String json) {
    try {
      WebSocketMessage.Builder message = WebSocketMessage.newBuilder();
      JsonFormat.parser().merge(json, message);
      return message.build();
    } catch (InvalidProtocolBufferException bad) {
      throw new UncheckedIOException(bad);
    }
  }
}
