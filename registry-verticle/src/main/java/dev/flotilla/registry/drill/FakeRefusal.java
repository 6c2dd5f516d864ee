package dev.flotilla.registry.drill;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flotilla.wire.Json;

/// How the fake instance says no.
final class FakeRefusal extends RuntimeException {
  private static final long serialVersionUID = 1;

  final String code;
  final String words;
  final transient ObjectNode details = Json.MAPPER.createObjectNode();
  long retryAfterMs;

  FakeRefusal(String code, String words) {
    super(words, null, false, false);
    this.code = code;
    this.words = words;
  }

  FakeRefusal detail(String name, String value) {
    details.put(name, value);
    return this;
  }

  FakeRefusal retryAfter(long ms) {
    retryAfterMs = ms;
    return this;
  }
}
