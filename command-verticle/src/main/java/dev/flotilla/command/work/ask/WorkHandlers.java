package dev.flotilla.command.work.ask;

import dev.flotilla.command.activity.ReadActivity;
import dev.flotilla.command.pipeline.CommandContext;
import dev.flotilla.command.store.Transactions;
import dev.flotilla.command.task.NewTasks;
import dev.flotilla.command.work.agent.AssignAgent;
import dev.flotilla.command.work.agent.Assignments;
import dev.flotilla.command.work.agent.FollowTasks;
import dev.flotilla.command.work.attend.Attend;
import dev.flotilla.command.work.comment.CommentDesk;
import dev.flotilla.command.work.dependency.DependencyDesk;
import dev.flotilla.command.work.item.HideItem;
import dev.flotilla.command.work.item.ItemDesk;
import dev.flotilla.command.work.item.MoveItem;
import dev.flotilla.command.work.project.ProjectDesk;
import dev.flotilla.command.work.sprint.SprintDesk;
import dev.flotilla.command.work.sprint.SprintLife;
import dev.flotilla.command.work.sync.MergeComment;
import dev.flotilla.command.work.sync.MergeItem;
import dev.flotilla.command.work.sync.MergeTime;
import dev.flotilla.command.work.sync.SyncWork;
import dev.flotilla.command.work.time.TimeDesk;
import dev.flotilla.contract.Result;
import dev.flotilla.contract.WorkCommand;
import dev.flotilla.log.EventLog;
import dev.flotilla.telemetry.Complaints;
import java.time.Clock;

/// One handler for every command about tracked work.
public record WorkHandlers(
    ProjectDesk projects,
    ItemDesk items,
    MoveItem moveItem,
    HideItem hideItem,
    SprintDesk sprints,
    SprintLife sprintLife,
    CommentDesk comments,
    TimeDesk times,
    DependencyDesk dependencies,
    ReadActivity activity,
    Attend attend,
    AssignAgent assignAgent,
    SyncWork sync) {

  /// @param tasks where those come from that agents work on
  public static WorkHandlers of(NewTasks tasks, EventLog log, Attend attend, Clock clock) {
    ItemDesk items = new ItemDesk(clock);
    HideItem hide = new HideItem();
    CommentDesk comments = new CommentDesk(clock);
    TimeDesk times = new TimeDesk(clock);
    return new WorkHandlers(
        new ProjectDesk(clock),
        items,
        new MoveItem(),
        hide,
        new SprintDesk(clock),
        new SprintLife(),
        comments,
        times,
        new DependencyDesk(clock),
        new ReadActivity(log),
        attend,
        new AssignAgent(tasks, items, new Assignments()),
        new SyncWork(new MergeItem(items, hide), new MergeComment(comments), new MergeTime(times)));
  }

  /// What tells items of the tasks that agents work on.
  public FollowTasks followTasks(Transactions transactions, Clock clock) {
    return new FollowTasks(
        assignAgent.assignments(), items, comments, transactions, new Complaints<>(), clock);
  }

  public Result handle(WorkCommand command, CommandContext context) {
    return switch (command) {
      case WorkCommand.ProjectCreate c -> projects.handle(c, context);
      case WorkCommand.ProjectGet c -> projects.handle(c, context);
      case WorkCommand.ProjectList c -> projects.handle(c, context);
      case WorkCommand.ProjectUpdate c -> projects.handle(c, context);
      case WorkCommand.ProjectDelete c -> projects.handle(c, context);
      case WorkCommand.ProjectRestore c -> projects.handle(c, context);
      case WorkCommand.ItemCreate c -> items.handle(c, context);
      case WorkCommand.ItemGet c -> items.handle(c, context);
      case WorkCommand.ItemList c -> items.handle(c, context);
      case WorkCommand.ItemUpdate c -> items.handle(c, context);
      case WorkCommand.ItemMove c -> moveItem.handle(c, context);
      case WorkCommand.ItemDelete c -> hideItem.handle(c, context);
      case WorkCommand.ItemRestore c -> hideItem.handle(c, context);
      case WorkCommand.SprintCreate c -> sprints.handle(c, context);
      case WorkCommand.SprintGet c -> sprints.handle(c, context);
      case WorkCommand.SprintList c -> sprints.handle(c, context);
      case WorkCommand.SprintUpdate c -> sprints.handle(c, context);
      case WorkCommand.SprintDelete c -> sprints.handle(c, context);
      case WorkCommand.SprintRestore c -> sprints.handle(c, context);
      case WorkCommand.SprintStart c -> sprintLife.handle(c, context);
      case WorkCommand.SprintComplete c -> sprintLife.handle(c, context);
      case WorkCommand.CommentAdd c -> comments.handle(c, context);
      case WorkCommand.CommentList c -> comments.handle(c, context);
      case WorkCommand.CommentUpdate c -> comments.handle(c, context);
      case WorkCommand.CommentDelete c -> comments.handle(c, context);
      case WorkCommand.TimeStart c -> times.handle(c, context);
      case WorkCommand.TimeStop c -> times.handle(c, context);
      case WorkCommand.TimeList c -> times.handle(c, context);
      case WorkCommand.TimeUpdate c -> times.handle(c, context);
      case WorkCommand.TimeDelete c -> times.handle(c, context);
      case WorkCommand.DependencyCreate c -> dependencies.handle(c, context);
      case WorkCommand.DependencyList c -> dependencies.handle(c, context);
      case WorkCommand.DependencyDelete c -> dependencies.handle(c, context);
      case WorkCommand.ItemAssignAgent c -> assignAgent.handle(c, context);
      case WorkCommand.ItemAttend c -> attend.handle(c, context);
      case WorkCommand.WorkSync c -> sync.handle(c, context);
      case WorkCommand.ActivityList c -> activity.handle(c, context);
    };
  }
}
