package dev.flotilla.registry;

import dev.flotilla.contract.AgentStatus;
import dev.flotilla.contract.Fact;
import dev.flotilla.contract.InstanceState;
import dev.flotilla.dispatch.RunOrder;
import dev.flotilla.dispatch.RunReport;
import dev.flotilla.dispatch.RunState;
import dev.flotilla.identity.AgentId;
import dev.flotilla.identity.TaskId;
import dev.flotilla.identity.TenantId;
import dev.flotilla.registry.instance.Instance;
import dev.flotilla.registry.link.Doing;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/// What the agent of one instance does, told to each tenant as far as it concerns its own tasks.
/// Whether the agent could work at all is told to the tenant that owns the instance.
final class AgentWatch {
  /// Reports go to every node each second, so an instance with many runs does not list them all.
  private static final int MAX_REPORTED = 100;

  private record Work(RunOrder order, Doing doing) {}

  private final SequencedMap<TaskId, Work> works = new LinkedHashMap<>();
  private final Instance instance;
  private final AgentId agent;
  private final RunOutputs outputs;
  private InstanceState state;

  /// @param before how the previous owner of the link has seen the instance
  AgentWatch(Instance instance, RunOutputs outputs, @Nullable InstanceState before) {
    this.instance = instance;
    this.agent = AgentId.of(instance.id());
    this.outputs = outputs;
    this.state = before == null ? InstanceState.STARTING : before;
  }

  void does(RunOrder order, Doing doing) {
    Work work = new Work(order, doing);
    works.put(order.task(), work);
    tell(work);
  }

  void ended(RunOrder order, RunState end) {
    if (works.remove(order.task()) == null) {
      return;
    }
    tell(new Work(order, new Doing(status(end), null)));
    if (newest(order.tenant()) == null) {
      rests(order.tenant(), order.correlationId());
    }
  }

  private static AgentStatus status(RunState end) {
    return switch (end) {
      case RunState.Succeeded _ -> AgentStatus.FINISHED;
      case RunState.Failed _ -> AgentStatus.FAILED;
      case RunState.Aborted _, RunState.Refused _ -> AgentStatus.STOPPED;
      case RunState.Going _, RunState.Unreachable _ ->
          throw new IllegalArgumentException("The run has not ended: " + end);
    };
  }

  /// Call it again until it has nothing to do: on every change and on every tick.
  void settle(InstanceState now) {
    // A new owner that is still connecting knows less than the old one did.
    if (now == InstanceState.STARTING || now == state) {
      return;
    }
    state = now;
    Work newest = newest(instance.tenant());
    if (newest == null || now == InstanceState.DOWN) {
      rests(instance.tenant(), null);
    } else {
      tell(newest);
    }
  }

  private @Nullable Work newest(TenantId tenant) {
    return works.reversed().values().stream()
        .filter(work -> work.order().tenant().equals(tenant))
        .findFirst()
        .orElse(null);
  }

  /// It does nothing for the tenant: because there is nothing to do, or because it cannot.
  private void rests(TenantId tenant, @Nullable String correlationId) {
    AgentStatus status = state == InstanceState.READY ? AgentStatus.IDLE : AgentStatus.UNAVAILABLE;
    outputs.add(
        tenant,
        correlationId,
        new Fact.AgentChanged(agent, instance.id(), status, null, null, null));
  }

  private void tell(Work work) {
    RunOrder order = work.order();
    outputs.add(
        order.tenant(),
        order.correlationId(),
        new Fact.AgentChanged(
            agent,
            instance.id(),
            work.doing().status(),
            order.task(),
            order.session(),
            work.doing().tool()));
  }

  /// What the newest runs are doing.
  List<RunReport> reports() {
    List<RunReport> reports = new ArrayList<>();
    for (Work work : works.reversed().values()) {
      if (reports.size() == MAX_REPORTED) {
        break;
      }
      Doing doing = work.doing();
      reports.add(new RunReport(work.order().task(), doing.status(), doing.tool()));
    }
    return reports;
  }
}
