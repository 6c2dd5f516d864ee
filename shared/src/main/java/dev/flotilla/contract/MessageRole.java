package dev.flotilla.contract;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/// Who speaks in a conversation.
public enum MessageRole {
  USER,
  ASSISTANT;

  @JsonValue
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  @JsonCreator
  static MessageRole named(String wireName) {
    return valueOf(wireName.toUpperCase(Locale.ROOT));
  }
}
