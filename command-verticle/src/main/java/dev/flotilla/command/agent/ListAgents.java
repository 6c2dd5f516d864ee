package dev.flotilla.command.agent;

import dev.flotilla.command.instance.InstanceStore;
import dev.flotilla.command.instance.InstanceViews;
import dev.flotilla.command.pipeline.CommandContext;
import dev.flotilla.command.task.TaskRow;
import dev.flotilla.command.task.TaskStore;
import dev.flotilla.contract.AgentStatus;
import dev.flotilla.contract.InstanceState;
import dev.flotilla.contract.Result.AgentPage;
import dev.flotilla.contract.Result.AgentTask;
import dev.flotilla.contract.Result.AgentView;
import dev.flotilla.contract.Result.InstanceView;
import dev.flotilla.dispatch.InstanceReport;
import dev.flotilla.dispatch.RunReport;
import dev.flotilla.identity.AgentId;
import dev.flotilla.identity.InstanceId;
import dev.flotilla.identity.TaskId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What the agents that serve the tenant do for it: which tasks run where, joined with what the
/// owners of the links see the runs do. Other tenants' tasks are not shown, not even as load.
public record ListAgents(InstanceStore instances, InstanceViews views, TaskStore tasks) {

  public AgentPage handle(CommandContext context) {
    Map<InstanceId, InstanceReport> reports = views.reports();
    Map<TaskId, RunReport> runs = new HashMap<>();
    reports.values().forEach(report -> report.runs().forEach(run -> runs.put(run.task(), run)));
    Map<InstanceId, List<AgentTask>> works = new HashMap<>();
    for (TaskRow task : tasks.running(context.sql(), context.tenant())) {
      works
          .computeIfAbsent(task.runInstance(), _ -> new ArrayList<>())
          .add(work(task, runs.get(task.id())));
    }
    return new AgentPage(
        views
            .merge(instances.list(context.sql(), context.tenant()), reports, context.tenant())
            .stream()
            .map(instance -> agent(instance, works.getOrDefault(instance.id(), List.of())))
            .toList());
  }

  /// A run of which nothing was seen yet is at work all the same.
  private static AgentTask work(TaskRow task, @Nullable RunReport run) {
    return new AgentTask(
        task.id(),
        task.session(),
        run == null ? AgentStatus.WORKING : run.status(),
        run == null ? null : run.tool(),
        task.startedAt());
  }

  private static AgentView agent(InstanceView instance, List<AgentTask> works) {
    AgentStatus status = status(instance.state(), works);
    return new AgentView(
        AgentId.of(instance.id()),
        instance.id(),
        status,
        status == AgentStatus.UNAVAILABLE ? instance.reason() : null,
        works);
  }

  /// An instance that takes no new work goes on with what it has.
  private static AgentStatus status(InstanceState state, List<AgentTask> works) {
    boolean reachable = state == InstanceState.READY || state == InstanceState.DEGRADED;
    if (reachable && !works.isEmpty()) {
      return works.getFirst().status();
    }
    return state == InstanceState.READY ? AgentStatus.IDLE : AgentStatus.UNAVAILABLE;
  }
}
