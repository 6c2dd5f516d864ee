package dev.flotilla.gateway.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flotilla.wire.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/// The part of the OpenAPI document that no command makes: how people come in, and go.
final class AuthPaths {
  private static final String FILE = "auth-paths.json";

  private AuthPaths() {}

  static ObjectNode read() {
    try (InputStream in = AuthPaths.class.getResourceAsStream(FILE)) {
      if (in == null) {
        throw new IllegalStateException("There is no " + FILE);
      }
      return (ObjectNode) Json.MAPPER.readTree(in);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}
