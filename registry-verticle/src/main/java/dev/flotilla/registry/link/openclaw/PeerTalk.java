package dev.flotilla.registry.link.openclaw;

import com.fasterxml.jackson.databind.JsonNode;
import dev.flotilla.contract.PeerCommand;
import dev.flotilla.contract.PeerResult;
import dev.flotilla.fault.Fault;
import dev.flotilla.fault.Reason;
import dev.flotilla.identity.InstanceId;
import dev.flotilla.wire.Json;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Asks the instance what a client wants to know of it, and reads its answers.
final class PeerTalk {
  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);
  private static final int PAGE = 50;

  private final InstanceId instance;
  private final List<String> callMethods;
  private final WriteBudget budget;

  /// @param callMethods what [PeerCommand.InstanceCall] may use
  PeerTalk(InstanceId instance, List<String> callMethods, Clock clock) {
    this.instance = instance;
    this.callMethods = callMethods;
    this.budget = new WriteBudget(clock);
  }

  /// Fails with a fault only.
  Future<PeerResult> ask(Connection up, PeerCommand command) {
    PeerReading reading = new PeerReading(instance);
    return switch (command) {
      case PeerCommand.AgentCatalog _ -> request(up, "agents.list", Map.of()).map(reading::agents);
      case PeerCommand.ModelList _ -> request(up, "models.list", Map.of()).map(reading::models);
      case PeerCommand.SessionList list ->
          request(up, "sessions.list", params(list)).map(reading::sessions);
      case PeerCommand.SessionHistory history ->
          request(up, "chat.history", params(history))
              .map(answer -> reading.history(history.key(), answer));
      case PeerCommand.ChatAbort abort ->
          request(up, "chat.abort", params(abort))
              .map(answer -> reading.aborted(abort.key(), answer));
      case PeerCommand.ApprovalList _ ->
          request(up, "exec.approval.list", Map.of()).map(reading::approvals);
      case PeerCommand.ApprovalResolve resolve ->
          request(
                  up,
                  "exec.approval.resolve",
                  Map.of("id", resolve.id(), "decision", decision(resolve)))
              .map(
                  _ -> new PeerResult.ApprovalResolved(instance, resolve.id(), resolve.decision()));
      case PeerCommand.CronList _ ->
          request(up, "cron.list", Map.of("includeDisabled", true)).map(reading::jobs);
      case PeerCommand.CronAdd add ->
          write(up, "cron.add", CronJobs.params(add)).map(reading::added);
      case PeerCommand.CronUpdate update ->
          write(up, "cron.update", CronJobs.params(update)).map(_ -> reading.updated(update.id()));
      case PeerCommand.CronRemove remove ->
          write(up, "cron.remove", Map.of("id", remove.id()))
              .map(answer -> reading.removed(remove.id(), answer));
      case PeerCommand.CronRun run ->
          write(up, "cron.run", Map.of("id", run.id(), "mode", "force"))
              .map(answer -> reading.started(run.id(), answer));
      case PeerCommand.InstanceRestart restart ->
          write(
                  up,
                  "gateway.restart.request",
                  restart.reason() == null ? Map.of() : Map.of("reason", restart.reason()))
              .map(reading::restarting);
      case PeerCommand.InstanceCall call -> call(up, call, reading);
    };
  }

  private Future<PeerResult> call(
      Connection up, PeerCommand.InstanceCall call, PeerReading reading) {
    if (!callMethods.contains(call.method())) {
      return Future.failedFuture(
          Fault.invalid("method", "registry.callMethods does not allow '" + call.method() + "'.")
              .asException());
    }
    JsonNode params =
        call.params() == null ? Json.MAPPER.createObjectNode() : call.params().as(JsonNode.class);
    return write(up, call.method(), params).map(answer -> reading.called(call.method(), answer));
  }

  private static Object params(PeerCommand.SessionList list) {
    var params = Json.MAPPER.createObjectNode();
    params.put("limit", Objects.requireNonNullElse(list.limit(), PAGE));
    if (list.search() != null) {
      params.put("search", list.search());
    }
    if (Boolean.TRUE.equals(list.active())) {
      params.put("activeOnly", true);
    }
    return params;
  }

  private static Object params(PeerCommand.SessionHistory history) {
    return Map.of(
        "sessionKey",
        history.key(),
        "limit",
        Objects.requireNonNullElse(history.limit(), PAGE),
        "offset",
        Objects.requireNonNullElse(history.offset(), 0));
  }

  private static Object params(PeerCommand.ChatAbort abort) {
    return abort.runId() == null
        ? Map.of("sessionKey", abort.key())
        : Map.of("sessionKey", abort.key(), "runId", abort.runId());
  }

  private static String decision(PeerCommand.ApprovalResolve resolve) {
    return switch (resolve.decision()) {
      case ALLOW_ONCE -> "allow-once";
      case ALLOW_ALWAYS -> "allow-always";
      case DENY -> "deny";
    };
  }

  private Future<JsonNode> write(Connection up, String method, Object params) {
    Duration wait = budget.take(method);
    return wait == null
        ? request(up, method, params)
        : Future.failedFuture(
            Fault.retryLater(
                    Reason.RATE_LIMITED,
                    "Instance '%s' takes no more %s for now.".formatted(instance.value(), method),
                    wait)
                .asException());
  }

  private Future<JsonNode> request(Connection up, String method, Object params) {
    return up.request(method, params)
        .recover(failure -> Future.failedFuture(fault(failure).asException()));
  }

  private Fault fault(Throwable failure) {
    if (!(failure instanceof RpcFailure rpc) || rpc.leavesDoubt()) {
      return Fault.unavailable("Instance '" + instance.value() + "'", RETRY_AFTER);
    }
    String words = "Instance '%s': %s".formatted(instance.value(), rpc.inWords());
    @Nullable Duration wait = rpc.retryAfter();
    return rpc.code().equals("UNAVAILABLE")
        ? Fault.retryLater(
            wait == null ? Reason.UNAVAILABLE : Reason.RATE_LIMITED,
            words,
            wait == null ? RETRY_AFTER : wait)
        : Fault.of(Reason.INSTANCE_REFUSED, words);
  }
}
