package dev.flotilla.command.thread;

import dev.flotilla.command.pipeline.CommandContext;
import dev.flotilla.command.task.CancelTask;
import dev.flotilla.command.task.Cursor;
import dev.flotilla.command.thread.ThreadStore.Placed;
import dev.flotilla.contract.Command;
import dev.flotilla.contract.Result;
import dev.flotilla.contract.Result.TaskView;
import dev.flotilla.contract.ThreadCommand;
import dev.flotilla.contract.ThreadResult.ThreadHits;
import dev.flotilla.contract.ThreadResult.ThreadPage;
import dev.flotilla.contract.ThreadResult.ThreadView;
import dev.flotilla.fault.Fault;
import dev.flotilla.fault.Reason;
import dev.flotilla.identity.TaskId;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Conversations as a whole: which there are, what they are called, what was said somewhere in
/// them, and the end of an answer that nobody wants any more.
public record ThreadDesk(ThreadStore store, CancelTask cancelTask) {
  private static final int THREADS = 50;
  private static final int HITS = 20;

  public Result handle(ThreadCommand command, CommandContext context) {
    return switch (command) {
      case ThreadCommand.ThreadList c -> list(c, context);
      case ThreadCommand.ThreadSearch c -> search(c, context);
      case ThreadCommand.ThreadUpdate c -> rename(c, context);
      case ThreadCommand.ThreadAbort c -> abort(c, context);
    };
  }

  private ThreadPage list(ThreadCommand.ThreadList command, CommandContext context) {
    int limit = Objects.requireNonNullElse(command.limit(), THREADS);
    long before = Cursor.parse("cursor", command.cursor()).position();
    List<Placed<ThreadView>> found = store.list(context.sql(), context.tenant(), before, limit + 1);
    return new ThreadPage(items(found, limit), cursor(found, limit));
  }

  private ThreadHits search(ThreadCommand.ThreadSearch command, CommandContext context) {
    int limit = Objects.requireNonNullElse(command.limit(), HITS);
    long before = Cursor.parse("cursor", command.cursor()).position();
    var found =
        store.search(
            context.sql(), context.tenant(), command.q(), before, command.thread(), limit + 1);
    return new ThreadHits(items(found, limit), cursor(found, limit));
  }

  private ThreadView rename(ThreadCommand.ThreadUpdate command, CommandContext context) {
    String thread = command.thread();
    if (!store.rename(context.sql(), context.tenant(), thread, command.title())) {
      throw notFound(thread);
    }
    return store.find(context.sql(), context.tenant(), thread).orElseThrow(() -> notFound(thread));
  }

  private TaskView abort(ThreadCommand.ThreadAbort command, CommandContext context) {
    String thread = command.thread();
    TaskId open =
        store
            .firstOpen(context.sql(), context.tenant(), thread)
            .orElseThrow(() -> nothingOpen(thread, context));
    return cancelTask.handle(new Command.TaskCancel(open, null), context);
  }

  private RuntimeException nothingOpen(String thread, CommandContext context) {
    return store.find(context.sql(), context.tenant(), thread).isEmpty()
        ? notFound(thread)
        : Fault.of(
                Reason.WRONG_STATE, "Nothing is being said in " + thread + ", and nothing waits.")
            .asException();
  }

  private static RuntimeException notFound(String thread) {
    return Fault.notFound("conversation", thread).asException();
  }

  private static <T> List<T> items(List<Placed<T>> found, int limit) {
    return found.stream().limit(limit).map(Placed::item).toList();
  }

  /// @param found one more than the limit where there are more
  private static <T> @Nullable String cursor(List<Placed<T>> found, int limit) {
    return found.size() > limit ? new Cursor(found.get(limit - 1).position()).text() : null;
  }
}
