package dev.flotilla.testkit;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/// How long a test waits for what it expects. It says nothing about how fast that should be: a
/// machine with other work to do must not turn a test red. Every module's tests have it, without
/// asking (`META-INF/services`).
public final class Patience implements BeforeAllCallback {
  public static final Duration LIMIT = Duration.ofMinutes(1);

  @Override
  public void beforeAll(ExtensionContext context) {
    Awaitility.setDefaultTimeout(LIMIT);
  }
}
