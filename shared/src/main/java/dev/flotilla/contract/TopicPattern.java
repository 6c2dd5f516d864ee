package dev.flotilla.contract;

import com.fasterxml.jackson.annotation.JsonValue;
import dev.flotilla.identity.Ids;

/// Every topic of a family whose id begins with something: `instance:*`, `custom:eu.*`.
public record TopicPattern(@JsonValue String name) {
  private static final char WILD = '*';

  public static boolean looksLikeOne(String name) {
    return name.indexOf(WILD) >= 0;
  }

  /// The pattern that a client named, or VALIDATION_ERROR with reason UNKNOWN_SUBSCRIPTION.
  public static TopicPattern parse(String name) {
    int colon = name.indexOf(Topic.SEPARATOR);
    boolean closed = colon >= 0 && name.indexOf(WILD) == name.length() - 1;
    String prefix = closed ? name.substring(colon + 1, name.length() - 1) : "";
    boolean known =
        closed
            && TopicFamily.named(name.substring(0, colon)).filter(TopicFamily::byId).isPresent()
            && (prefix.isEmpty() || Ids.isValid(prefix));
    if (!known) {
      throw Topic.unknown(name);
    }
    return new TopicPattern(name);
  }

  public TopicFamily family() {
    int colon = name.indexOf(Topic.SEPARATOR);
    return TopicFamily.named(name.substring(0, colon)).orElseThrow(() -> Topic.unknown(name));
  }

  public boolean matches(Topic topic) {
    return topic.name().startsWith(name.substring(0, name.length() - 1));
  }

  @Override
  public String toString() {
    return name;
  }
}
