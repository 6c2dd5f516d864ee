package dev.flotilla.registry.link.openclaw;

import com.fasterxml.jackson.databind.JsonNode;
import dev.flotilla.dispatch.RunCancel;
import dev.flotilla.dispatch.RunState;
import io.vertx.core.Future;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Stops a run on the instance. `chat.abort` is at once but only for the connection that started
/// the run; an adopted one, or one that was resumed under another id, is stopped by the row that it
/// has in the instance's task ledger. That it has stopped is told as every other end.
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

  /// Stops a run that nobody has ordered from this owner, by what the instance says of it.
  Future<RunState> stopUnknown(RunCancel cancel) {
    SessionReader reader = new SessionReader(connection);
    return reader
        .subscribe(cancel.sessionKey())
        .compose(key -> reader.find(key, cancel.runId()).map(found -> stopped(key, cancel, found)))
        .otherwise(failure -> new RunState.Unreachable(String.valueOf(failure.getMessage())));
  }

  private RunState stopped(String key, RunCancel cancel, Finding found) {
    return switch (found) {
      case Finding.Over over -> over.state();
      case Finding.Absent _ -> new RunState.Aborted("the run was never started");
      case Finding.Unclear _ -> new RunState.Going();
      case Finding.Listed _ -> {
        stop(key, cancel.runId());
        yield new RunState.Going();
      }
      case Finding.Going going -> {
        String id = going.runId();
        stop(key, id == null ? cancel.runId() : id);
        yield new RunState.Going();
      }
    };
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
