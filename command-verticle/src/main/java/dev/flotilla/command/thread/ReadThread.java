package dev.flotilla.command.thread;

import dev.flotilla.command.pipeline.CommandContext;
import dev.flotilla.command.task.Cursor;
import dev.flotilla.command.task.TaskRow;
import dev.flotilla.command.task.TaskStore;
import dev.flotilla.command.task.TaskStore.Passage;
import dev.flotilla.command.thread.Messages.Placed;
import dev.flotilla.contract.Command;
import dev.flotilla.contract.Result.LiveText;
import dev.flotilla.contract.Result.LogPosition;
import dev.flotilla.contract.Result.ThreadHistory;
import dev.flotilla.contract.Result.ThreadMessage;
import dev.flotilla.contract.TaskState;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Reads a conversation, backwards from its end. One that nobody has begun is empty.
public record ReadThread(TaskStore store, LiveTexts texts) {
  private static final int DEFAULT_LIMIT = 50;

  // A page ends early where its texts would fill more than half a frame.
  private static final int MAX_CHARACTERS = 256 * 1024;

  public ThreadHistory handle(Command.ThreadHistory command, CommandContext context) {
    int limit = Objects.requireNonNullElse(command.limit(), DEFAULT_LIMIT);
    long end = Cursor.parse("before", command.before()).position();
    // Text first: a task that ends meanwhile is then among the messages, and not told twice.
    Optional<TaskRow> running =
        command.before() == null
            ? store.running(context.sql(), context.tenant(), command.thread())
            : Optional.empty();
    LiveText live = running.map(texts::of).orElse(null);
    Passage passage =
        store.thread(
            context.sql(),
            context.tenant(),
            command.thread(),
            Messages.lastOrdinal(end),
            limit + 1);
    LiveText still = live != null && goesOn(running.get(), passage.tasks()) ? live : null;
    return page(command.thread(), passage, end, limit, still);
  }

  /// Unless what was read later says that the run is over.
  private static boolean goesOn(TaskRow running, List<TaskRow> tasks) {
    return tasks.stream()
        .filter(task -> task.id().equals(running.id()))
        .allMatch(
            task ->
                task.state() == TaskState.RUNNING && Objects.equals(task.runId(), running.runId()));
  }

  private static ThreadHistory page(
      String thread, Passage passage, long end, int limit, @Nullable LiveText live) {
    LogPosition position = passage.position();
    List<ThreadMessage> messages = new ArrayList<>();
    long characters = live == null ? 0 : live.text().length();
    long begin = end;
    for (TaskRow task : passage.tasks()) {
      for (Placed placed : Messages.of(task)) {
        if (placed.position() >= end) {
          continue;
        }
        characters += placed.characters();
        boolean full = characters > MAX_CHARACTERS && !messages.isEmpty();
        if (messages.size() == limit || full) {
          return history(thread, messages, new Cursor(begin).text(), live, position);
        }
        messages.add(placed.message());
        begin = placed.position();
      }
    }
    return history(thread, messages, null, live, position);
  }

  private static ThreadHistory history(
      String thread,
      List<ThreadMessage> newestFirst,
      @Nullable String before,
      @Nullable LiveText live,
      @Nullable LogPosition position) {
    Collections.reverse(newestFirst);
    return new ThreadHistory(thread, newestFirst, before, live, position);
  }
}
