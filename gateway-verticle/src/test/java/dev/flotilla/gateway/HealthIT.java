package dev.flotilla.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flotilla.gateway.fixture.Gateways;
import dev.flotilla.gateway.fixture.Http;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HealthIT {

  @ParameterizedTest
  @ValueSource(strings = {"/health", "/health/ready", "/api/health/ready", "/api/v1/health"})
  void healthIsToldWhateverThreadAPartAnswersOn(String path) {
    try (Gateways gateways = Gateways.start()) {
      gateways.readiness().add("elsewhere", HealthIT::answerOnAnotherThread);
      HttpResponse<String> answer = Http.get(gateways.port(), path, Map.of());
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.body()).contains("elsewhere");
    }
  }

  @Test
  void aPartThatIsNotReadySaysWhy() {
    try (Gateways gateways = Gateways.start()) {
      gateways.readiness().add("engine", () -> Future.failedFuture("no steam"));
      HttpResponse<String> answer = Http.get(gateways.port(), "/health/ready", Map.of());
      assertThat(answer.statusCode()).isEqualTo(503);
      assertThat(answer.body()).contains("no steam");
    }
  }

  @Test
  void aLoopThatDoesNotTurnIsNotLive() {
    try (Gateways gateways = Gateways.start()) {
      HttpResponse<String> before = Http.get(gateways.port(), "/health/live", Map.of());
      assertThat(before.statusCode()).isEqualTo(200);
      gateways.readiness().turns("a loop that will hang");
      Awaitility.await()
          .atMost(Duration.ofSeconds(60))
          .untilAsserted(
              () -> {
                HttpResponse<String> answer = Http.get(gateways.port(), "/health/live", Map.of());
                assertThat(answer.statusCode()).isEqualTo(503);
                assertThat(answer.body())
                    .contains("a loop that will hang")
                    .doesNotContain("gateway ");
              });
    }
  }

  private static Future<String> answerOnAnotherThread() {
    Promise<String> answer = Promise.promise();
    Thread.startVirtualThread(() -> answer.complete("all is well"));
    return answer.future();
  }
}
