package dev.flotilla.command.work.agent;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flotilla.command.pipeline.CommandContext;
import dev.flotilla.command.store.Effects;
import dev.flotilla.command.store.Sql;
import dev.flotilla.command.store.Transactions;
import dev.flotilla.command.work.agent.Assignments.News;
import dev.flotilla.command.work.comment.CommentDesk;
import dev.flotilla.command.work.entity.Edit;
import dev.flotilla.command.work.entity.Excerpt;
import dev.flotilla.command.work.entity.Tables;
import dev.flotilla.command.work.item.ItemDesk;
import dev.flotilla.contract.WorkCommand;
import dev.flotilla.contract.WorkItem;
import dev.flotilla.fault.Fault;
import dev.flotilla.fault.FaultCode;
import dev.flotilla.fault.FaultException;
import dev.flotilla.identity.Ids;
import dev.flotilla.identity.Principal;
import dev.flotilla.identity.TaskId;
import dev.flotilla.identity.UserId;
import dev.flotilla.store.StoreFaults;
import dev.flotilla.telemetry.Complaints;
import dev.flotilla.telemetry.LogKeys;
import dev.flotilla.wire.Json;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tells work items what their tasks do: the status follows, and what came of it is a comment of
/// the agent. Each step of a task is told once, whichever node does it: the step that an item knows
/// is written in the same transaction as what it causes.
public record FollowTasks(
    Assignments assignments,
    ItemDesk items,
    CommentDesk comments,
    Transactions transactions,
    Complaints<TaskId> untold,
    Clock clock) {
  private static final Logger LOG = LoggerFactory.getLogger(FollowTasks.class);
  private static final int MAX_COMMENT = 20_000;

  public void look() {
    boolean more = true;
    while (more) {
      more = false;
      for (TaskId task : assignments.news(transactions.direct())) {
        more |= told(task);
      }
    }
    untold.endOfRound();
  }

  /// One that fails does not keep the others waiting: it is tried again at the next look.
  private boolean told(TaskId task) {
    try {
      return transactions.run((sql, effects) -> one(task, sql, effects));
    } catch (RuntimeException failure) {
      Fault fault = StoreFaults.of(failure);
      if (fault != null && fault.retryable()) {
        throw failure;
      }
      if (untold.isNew(task, failure)) {
        LOG.atError()
            .addKeyValue(LogKeys.TASK, task)
            .setCause(failure)
            .log("a work item cannot be told of its task");
      }
      return false;
    }
  }

  private boolean one(TaskId task, Sql sql, Effects effects) {
    Optional<News> next = assignments.news(sql, task);
    next.ifPresent(
        news -> {
          assignments.told(sql, news);
          tell(news, context(news, sql, effects));
        });
    return next.isPresent();
  }

  /// An item that is deleted meanwhile hears nothing more.
  private void tell(News news, CommandContext context) {
    try {
      WorkItem item = Tables.ITEMS.lock(context.sql(), context.tenant(), news.of().item().value());
      String words = words(news);
      if (words != null) {
        comments.handle(new WorkCommand.CommentAdd(null, item.id(), words), context);
      }
      follow(item, news.of().policy().step(news.state()), context);
    } catch (FaultException gone) {
      if (gone.fault().code() != FaultCode.NOT_FOUND) {
        throw gone;
      }
    }
  }

  /// Where the project does not have the step any more, the item stays where it is.
  private void follow(WorkItem item, @Nullable String step, CommandContext context) {
    if (step != null
        && Tables.PROJECTS
            .get(context.sql(), context.tenant(), item.projectId().value())
            .statuses()
            .contains(step)) {
      ObjectNode fields = Json.MAPPER.createObjectNode().put("status", step);
      items.write(Edit.of(item, fields, context), context);
    }
  }

  private static @Nullable String words(News news) {
    if (!news.state().terminal()) {
      return null;
    }
    String text =
        news.result() != null
            ? news.result().text()
            : "Task %s: %s"
                .formatted(
                    news.state().wireName(),
                    news.error() == null ? "no reason is known." : news.error().message());
    String said = text.isEmpty() ? "Done." : text;
    return Excerpt.of(said, MAX_COMMENT);
  }

  private CommandContext context(News news, Sql sql, Effects effects) {
    Principal agent =
        new Principal(
            news.of().tenant(), new UserId(news.of().agent()), Set.of(), Set.of(), Instant.MAX);
    return new CommandContext(
        agent,
        Objects.requireNonNullElseGet(news.correlationId(), () -> Ids.next(clock)),
        clock.instant().truncatedTo(ChronoUnit.MILLIS),
        sql,
        effects,
        null);
  }
}
