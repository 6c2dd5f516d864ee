package dev.flotilla.gateway.dialect.control;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Methods that concern the session itself and are answered by its node. All others are commands.
public enum SessionMethod {
  SUBSCRIBE("subscribe"),
  UNSUBSCRIBE("unsubscribe"),
  RESUME("resume"),
  PUBLISH("publish"),
  REFRESH("auth.refresh"),
  PING("ping");

  private static final Map<String, SessionMethod> BY_NAME =
      Arrays.stream(values())
          .collect(Collectors.toMap(SessionMethod::wireName, Function.identity()));

  public static Optional<SessionMethod> of(String name) {
    return Optional.ofNullable(BY_NAME.get(name));
  }

  private final String wireName;

  SessionMethod(String wireName) {
    this.wireName = wireName;
  }

  public String wireName() {
    return wireName;
  }
}
