package dev.flotilla.registry.link.openclaw;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.Future;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Stops a run on the instance. `chat.abort` is at once but only for the connection that started the
/// run; an adopted one, or one that was resumed under another id, is stopped by the row that it has
/// in the instance's task ledger. That it has stopped is told as every other end.
final class Stopper {
  private static final Logger LOG = LoggerFactory.getLogger(Stopper.class);

  private final Connection connection;

  Stopper(Connection connection) {
    this.connection = connection;
  }

  void stop(String sessionKey, String runId) {
    connection
        .request("chat.abort", Map.of("sessionKey", sessionKey, "runId", runId))
        .map(answer -> answer.path("aborted").asBoolean())
        .otherwise(false)
        .compose(done -> done ? Future.succeededFuture() : cancelTask(sessionKey, runId))
        .onFailure(failure -> LOG.info("stopping {}: {}", runId, failure.getMessage()));
  }

  private Future<Void> cancelTask(String sessionKey, String runId) {
    return new SessionReader(connection)
        .task(sessionKey, runId)
        .compose(
            task ->
                isOpen(task)
                    ? connection
                        .request("tasks.cancel", Map.of("taskId", task.path("taskId").asText()))
                        .mapEmpty()
                    : Future.succeededFuture());
  }

  private static boolean isOpen(JsonNode task) {
    String status = task.path("status").asText("");
    return status.equals("running") || status.equals("queued");
  }
}
