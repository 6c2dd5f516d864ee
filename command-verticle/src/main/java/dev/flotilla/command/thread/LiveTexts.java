package dev.flotilla.command.thread;

import dev.flotilla.bus.Addresses;
import dev.flotilla.bus.Bus;
import dev.flotilla.command.task.TaskRow;
import dev.flotilla.contract.Result.LiveText;
import dev.flotilla.dispatch.RouteAsk;
import dev.flotilla.dispatch.RunText;
import dev.flotilla.dispatch.RunTextAsk;
import dev.flotilla.fault.FaultException;
import dev.flotilla.identity.InstanceId;
import dev.flotilla.identity.NodeId;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/// What running tasks have said so far, from the nodes that own the links to their instances.
public record LiveTexts(Bus bus) {
  private static final Duration ASK_LIMIT = Duration.ofSeconds(1);

  /// Where nobody answers in time, nothing is known for now; what the task goes on to say still
  /// comes as events.
  LiveText of(TaskRow running) {
    RunText said;
    try {
      said = ask(running).orElseGet(() -> RunText.unknown(running.attempt()));
    } catch (FaultException unreachable) {
      said = RunText.unknown(running.attempt());
    }
    return new LiveText(
        running.id(), said.attempt(), said.text(), said.nextIndex(), said.partial());
  }

  private Optional<RunText> ask(TaskRow task) {
    InstanceId instance = Objects.requireNonNull(task.runInstance());
    RunTextAsk ask =
        new RunTextAsk(
            instance,
            Objects.requireNonNull(task.runId()),
            task.attempt(),
            Objects.requireNonNull(task.runSession()));
    return owner(task, instance)
        .map(owner -> bus.ask(Addresses.runText(owner), ask, ASK_LIMIT).await());
  }

  private Optional<NodeId> owner(TaskRow task, InstanceId instance) {
    RouteAsk ask = new RouteAsk(task.tenant(), task.session(), task.capabilities(), instance);
    return bus.ask(Addresses.ROUTE, ask, ASK_LIMIT).await().owner(instance);
  }
}
