package dev.flotilla.command;

import dev.flotilla.bus.Addresses;
import dev.flotilla.bus.Bus;
import dev.flotilla.contract.InstanceResult.InstanceTested;
import dev.flotilla.contract.Result.TaskOutcome;
import dev.flotilla.dispatch.ConnectionTest;
import dev.flotilla.dispatch.InstanceReport;
import dev.flotilla.dispatch.InstanceReports;
import dev.flotilla.dispatch.PeerAsk;
import dev.flotilla.dispatch.RouteAnswer;
import dev.flotilla.dispatch.RouteAnswer.Candidate;
import dev.flotilla.dispatch.RouteAsk;
import dev.flotilla.dispatch.RunCancel;
import dev.flotilla.dispatch.RunEnded;
import dev.flotilla.dispatch.RunOrder;
import dev.flotilla.dispatch.RunState;
import dev.flotilla.dispatch.RunText;
import dev.flotilla.dispatch.RunTextAsk;
import dev.flotilla.identity.InstanceId;
import dev.flotilla.identity.NodeId;
import dev.flotilla.wire.RawJson;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;

/// A registry node with one instance, as far as command nodes see it: it routes, keeps runs until
/// the test ends them, and remembers what it was asked.
final class ScriptedRegistry {
  static final InstanceId INSTANCE = new InstanceId("eu-1");
  static final NodeId OWNER = new NodeId("owner");

  final Queue<RunOrder> orders = new ConcurrentLinkedQueue<>();
  final Queue<RunCancel> cancels = new ConcurrentLinkedQueue<>();
  final Map<String, RunState> runs = new ConcurrentHashMap<>();
  volatile List<InstanceReport> reports = List.of();
  volatile Function<PeerAsk, Future<RawJson>> peer = _ -> Future.failedFuture("nobody asks here");
  volatile Function<ConnectionTest, InstanceTested> test =
      _ -> {
        throw new IllegalStateException("nobody tests here");
      };
  volatile Function<RouteAsk, RouteAnswer> route = _ -> slots(1000);
  volatile Function<RunOrder, RunState> begin = _ -> new RunState.Going();
  volatile Function<RunCancel, RunState> stop = _ -> new RunState.Aborted("cancelled");

  volatile Function<RunTextAsk, Future<RunText>> text =
      ask -> Future.succeededFuture(RunText.unknown(ask.attempt()));

  private final Bus bus;

  ScriptedRegistry(Bus bus) {
    this.bus = bus;
    bus.answer(Addresses.peer(OWNER), ask -> peer.apply(ask));
    bus.answer(Addresses.TEST_CONNECTION, ask -> Future.succeededFuture(test.apply(ask)));
    bus.answer(Addresses.ROUTE, ask -> Future.succeededFuture(route.apply(ask)));
    bus.answer(Addresses.run(OWNER), order -> Future.succeededFuture(run(order)));
    bus.answer(Addresses.cancel(OWNER), cancel -> Future.succeededFuture(cancel(cancel)));
    bus.answer(Addresses.runText(OWNER), ask -> text.apply(ask));
    bus.answer(Addresses.INSTANCES, _ -> Future.succeededFuture(new InstanceReports(reports)));
  }

  /// A route to the one instance.
  static RouteAnswer slots(int max) {
    return new RouteAnswer(List.of(new Candidate(INSTANCE, OWNER, max)), null);
  }

  static RouteAnswer nowhere(String reason) {
    return new RouteAnswer(List.of(), reason);
  }

  private RunState run(RunOrder order) {
    orders.add(order);
    return runs.computeIfAbsent(order.runId(), _ -> begin.apply(order));
  }

  private RunState cancel(RunCancel cancel) {
    cancels.add(cancel);
    RunState now = runs.get(cancel.runId());
    if (now != null && !(now instanceof RunState.Going)) {
      return now;
    }
    RunState stopped = stop.apply(cancel);
    if (stopped instanceof RunState.Aborted) {
      runs.put(cancel.runId(), stopped);
    }
    return stopped;
  }

  /// Ends a run, and tells the node that ordered it last.
  void end(String runId, RunState state) {
    runs.put(runId, state);
    RunOrder last = orders(runId).getLast();
    bus.publish(Addresses.runEnded(last.holder()), new RunEnded(last.task(), runId, state));
  }

  void succeed(String runId) {
    end(runId, new RunState.Succeeded(new TaskOutcome("done", 5L, null, null, null)));
  }

  List<RunOrder> orders(String runId) {
    return orders.stream().filter(order -> order.runId().equals(runId)).toList();
  }

  /// Prompts in the order in which their runs were first ordered.
  List<String> started() {
    return orders.stream().map(RunOrder::prompt).distinct().toList();
  }

  /// The newest run that was ordered for the prompt.
  String runOf(String prompt) {
    return orders.stream()
        .filter(order -> order.prompt().equals(prompt))
        .map(RunOrder::runId)
        .reduce((_, newer) -> newer)
        .orElseThrow();
  }
}
