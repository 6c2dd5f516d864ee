package dev.flotilla.command.task;

import dev.flotilla.command.pipeline.CommandContext;
import dev.flotilla.contract.Command;
import dev.flotilla.contract.Result.TaskPage;
import dev.flotilla.contract.Result.TaskView;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/// Pages through the tenant's tasks, newest first. A task that is created meanwhile shifts nothing.
public record ListTasks(TaskStore store) {
  private static final int DEFAULT_LIMIT = 50;

  // A page ends early where its prompts and results would fill more than half a frame.
  private static final int MAX_CHARACTERS = 256 * 1024;

  public TaskPage handle(Command.TaskList command, CommandContext context) {
    int limit = Objects.requireNonNullElse(command.limit(), DEFAULT_LIMIT);
    List<TaskRow> rows =
        store.list(
            context.sql(),
            context.tenant(),
            Cursor.parse("cursor", command.cursor()).position(),
            new TaskStore.Filter(
                command.state(),
                command.priority(),
                command.label(),
                command.session(),
                command.schedule()),
            limit + 1);
    return page(rows, limit);
  }

  /// @param rows one more than the limit where there are more
  public static TaskPage page(List<TaskRow> rows, int limit) {
    List<TaskView> items = new ArrayList<>();
    long characters = 0;
    for (TaskRow row : rows) {
      characters += size(row);
      if (items.size() == limit || (characters > MAX_CHARACTERS && !items.isEmpty())) {
        return new TaskPage(items, new Cursor(rows.get(items.size() - 1).ordinal()).text());
      }
      items.add(row.view());
    }
    return new TaskPage(items, null);
  }

  private static long size(TaskRow row) {
    long prompt = row.prompt().length();
    return row.result() == null ? prompt : prompt + row.result().text().length();
  }
}
