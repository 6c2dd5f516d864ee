package dev.flotilla.command.task;

import dev.flotilla.command.store.Effects;
import dev.flotilla.command.store.Sql;
import dev.flotilla.contract.AfterFailure;
import dev.flotilla.contract.Command;
import dev.flotilla.contract.TaskState;
import dev.flotilla.fault.Fault;
import dev.flotilla.fault.Reason;
import dev.flotilla.identity.TaskId;
import dev.flotilla.identity.TenantId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What new tasks wait for. They name tasks of their tenant, or earlier ones of their batch, so no
/// circle can come about.
final class Needs {
  // Locked, so that none of them ends between this look and the commit.
  private static final String STATES =
      "select id, state from tasks where tenant = $1 and id = any($2) order by id for update";
  private static final String WRITE =
      """
      insert into task_needs (needs, task)
      select * from unnest($1::text[], $2::text[]) on conflict do nothing
      """;
  private static final String MARK =
      "update tasks set needed = true where id = any($1) and not needed";

  /// @param after by position in the batch, what the task waits or waited for
  /// @param open the same without those that have ended already
  /// @param needed everything that is waited for
  record Found(
      List<TaskId> ids, List<List<TaskId>> after, List<List<TaskId>> open, Set<TaskId> needed) {
    List<TaskId> after(int i) {
      return after.get(i);
    }

    int open(int i) {
      return open.get(i).size();
    }

    boolean isNeeded(TaskId id) {
      return needed.contains(id);
    }
  }

  Found find(Sql sql, TenantId tenant, List<Command.TaskCreate> commands, List<TaskId> ids) {
    List<List<TaskId>> after = new ArrayList<>();
    for (int i = 0; i < commands.size(); i++) {
      after.add(named(commands.get(i), i, ids));
    }
    Set<TaskId> elsewhere = new HashSet<>();
    after.forEach(elsewhere::addAll);
    ids.forEach(elsewhere::remove);
    Map<TaskId, TaskState> states = states(sql, tenant, elsewhere);
    Set<TaskId> needed = new HashSet<>();
    List<List<TaskId>> open = new ArrayList<>();
    for (int i = 0; i < commands.size(); i++) {
      AfterFailure policy =
          Objects.requireNonNullElse(commands.get(i).afterFailure(), AfterFailure.FAIL);
      List<TaskId> left =
          after.get(i).stream().filter(id -> isOpen(id, states.get(id), policy)).toList();
      open.add(left);
      needed.addAll(left);
    }
    return new Found(ids, after, open, needed);
  }

  private static List<TaskId> named(Command.TaskCreate command, int position, List<TaskId> ids) {
    List<TaskId> named = new ArrayList<>();
    for (String name : Objects.requireNonNullElse(command.after(), List.<String>of())) {
      TaskId id = name.startsWith("#") ? earlier(name, position, ids) : new TaskId(name);
      if (!named.contains(id)) {
        named.add(id);
      }
    }
    return named;
  }

  private static TaskId earlier(String name, int position, List<TaskId> ids) {
    int number = Integer.parseInt(name.substring(1));
    if (number >= position) {
      throw Fault.invalid("after", "'" + name + "' is no earlier task of this batch.")
          .asException();
    }
    return ids.get(number);
  }

  private static Map<TaskId, TaskState> states(Sql sql, TenantId tenant, Set<TaskId> ids) {
    Map<TaskId, TaskState> states = new HashMap<>();
    if (ids.isEmpty()) {
      return states;
    }
    sql.run(STATES, tenant.value(), texts(ids))
        .forEach(
            row ->
                states.put(
                    new TaskId(row.getString("id")), TaskState.named(row.getString("state"))));
    for (TaskId id : ids) {
      if (!states.containsKey(id)) {
        throw GetTask.notFound(id);
      }
    }
    return states;
  }

  /// @param state null for a task of the same batch
  private static boolean isOpen(TaskId id, @Nullable TaskState state, AfterFailure policy) {
    if (state == null || !state.terminal()) {
      return true;
    }
    if (state != TaskState.SUCCEEDED && policy != AfterFailure.RUN) {
      throw Fault.of(
              Reason.WRONG_STATE,
              "The task " + id + " has ended " + state.wireName() + ": nothing can wait for it.")
          .asException();
    }
    return false;
  }

  /// Once the tasks are inserted.
  void write(Effects effects, Sql sql, Found found) {
    if (found.needed().isEmpty()) {
      return;
    }
    List<String> needs = new ArrayList<>();
    List<String> tasks = new ArrayList<>();
    for (int i = 0; i < found.ids().size(); i++) {
      for (TaskId id : found.open().get(i)) {
        needs.add(id.value());
        tasks.add(found.ids().get(i).value());
      }
    }
    effects.sent(
        sql.send(WRITE, needs.toArray(String[]::new), (Object) tasks.toArray(String[]::new)));
    effects.sent(sql.send(MARK, (Object) texts(found.needed())));
  }

  private static String[] texts(Set<TaskId> ids) {
    return ids.stream().map(TaskId::value).toArray(String[]::new);
  }
}
