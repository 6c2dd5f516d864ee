package dev.flotilla.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.flotilla.testkit.Patience;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SlowStartTest {
  private static final Future<String> SLOW =
      Future.failedFuture(VertxException.noStackTrace("Timeout waiting for connection"));

  private final Vertx vertx = Vertx.vertx();
  private final Deque<Future<String>> steps = new ArrayDeque<>();

  @AfterEach
  void close() {
    vertx.close().await();
  }

  @Test
  void aStoreThatLetsNobodyInIsAskedUntilItDoes() {
    steps.addAll(List.of(SLOW, SLOW, Future.succeededFuture("in")));
    assertThat(SlowStart.outlast(vertx, Patience.LIMIT, steps::remove).await()).isEqualTo("in");
  }

  @Test
  void whatIsNotTheStoresFaultFailsAtOnce() {
    Future<String> bug = Future.failedFuture(new IllegalStateException("no such file"));
    steps.addAll(List.of(SLOW, bug, Future.succeededFuture("in")));
    assertThatThrownBy(() -> SlowStart.outlast(vertx, Patience.LIMIT, steps::remove).await())
        .hasMessage("no such file");
    assertThat(steps).hasSize(1);
  }

  @Test
  void patienceEndsWithTheLastFailure() {
    steps.add(SLOW);
    assertThatThrownBy(() -> SlowStart.outlast(vertx, Duration.ZERO, steps::remove).await())
        .hasMessage("Timeout waiting for connection");
  }
}
