package dev.flotilla.command.task;

import dev.flotilla.command.store.Effects;
import dev.flotilla.command.store.Sql;
import dev.flotilla.command.task.budget.Budgets;
import dev.flotilla.config.FleetConfig;
import dev.flotilla.contract.Command;
import dev.flotilla.contract.Fact;
import dev.flotilla.contract.Result.TaskView;
import dev.flotilla.contract.TaskChange;
import dev.flotilla.contract.TaskState;
import dev.flotilla.identity.TaskId;
import io.vertx.core.Future;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Records new tasks, all in one transaction or none, and queues those that wait for nothing else.
public final class NewTasks {
  private final TaskStore store;
  private final Needs needs = new Needs();
  private final Budgets budgets;
  private final TaskDesk desk;
  private final Drafting drafting;

  public NewTasks(
      TaskStore store, Budgets budgets, TaskDesk desk, FleetConfig.Command defaults, Clock clock) {
    this.store = store;
    this.budgets = budgets;
    this.desk = desk;
    this.drafting = new Drafting(defaults, clock);
  }

  /// @param schedule the schedule that creates them
  public List<TaskRow> create(
      List<Command.TaskCreate> commands,
      Author author,
      @Nullable String schedule,
      Sql sql,
      Effects effects) {
    Budgets.Admission admission = budgets.admit(sql, author.tenant(), commands.size(), author.at());
    List<TaskId> ids = new ArrayList<>(commands.size());
    commands.forEach(_ -> ids.add(drafting.nextId()));
    Needs.Found found = needs.find(sql, author.tenant(), commands, ids);
    // A refusal commits what was written before it: nothing is, until all of them are right.
    List<TaskDraft> drafts = new ArrayList<>(commands.size());
    for (int i = 0; i < commands.size(); i++) {
      drafts.add(
          drafting.draft(
              commands.get(i),
              ids.get(i),
              author,
              found.after(i),
              found.open(i),
              found.isNeeded(ids.get(i)),
              admission.notBefore(),
              schedule));
    }
    budgets.count(sql, author.tenant(), commands.size(), admission);
    Future<List<TaskRow>> sent = store.insert(sql, drafts, author, schedule);
    if (drafts.stream().anyMatch(draft -> draft.session() != null)) {
      effects.sent(store.touchThreads(sql, drafts));
    }
    needs.write(effects, sql, found);
    List<TaskRow> tasks = sql.await(sent);
    tasks.forEach(task -> tell(task, author, effects));
    effects.afterCommit(
        () -> desk.queued(tasks.stream().filter(task -> task.openNeeds() == 0).toList()));
    return tasks;
  }

  /// Throws a VALIDATION_ERROR where such a task could never be created.
  public void check(Command.TaskCreate command, Author author) {
    drafting.draft(command, drafting.nextId(), author, List.of(), 0, false, null, null);
  }

  private static void tell(TaskRow task, Author author, Effects effects) {
    // Who follows a conversation reads what is said in it as it is said.
    TaskView told = task.session() == null ? task.view().withoutPrompt() : task.view();
    boolean later = task.state() == TaskState.SCHEDULED;
    effects.record(
        task.tenant(),
        new Fact.TaskChanged(
            later ? TaskChange.SCHEDULED : TaskChange.QUEUED,
            told,
            later && task.waitReason() == null
                ? "It may start at " + task.dueAt() + "."
                : task.waitReason()),
        author.user(),
        author.correlationId());
  }
}
