package dev.flotilla.command.work.sprint;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flotilla.command.pipeline.CommandContext;
import dev.flotilla.command.work.entity.Edit;
import dev.flotilla.command.work.entity.Tables;
import dev.flotilla.command.work.item.MoveItem;
import dev.flotilla.contract.OpenItems;
import dev.flotilla.contract.Sprint;
import dev.flotilla.contract.SprintFact;
import dev.flotilla.contract.SprintStats;
import dev.flotilla.contract.SprintStatus;
import dev.flotilla.contract.WorkCommand;
import dev.flotilla.contract.WorkItem;
import dev.flotilla.contract.WorkResult.Project;
import dev.flotilla.contract.WorkResult.SprintReview;
import dev.flotilla.fault.Fault;
import dev.flotilla.fault.Reason;
import dev.flotilla.identity.SprintId;
import dev.flotilla.wire.Json;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A sprint is planned, then active, then completed.
public final class SprintLife {

  public Sprint handle(WorkCommand.SprintStart command, CommandContext context) {
    Sprint before = lock(command.id(), command.revision(), SprintStatus.PLANNED, context);
    Instant end = command.endDate() == null ? before.endDate() : command.endDate();
    Sprint after = become(before, SprintStatus.ACTIVE, context.now(), end, context);
    SprintDesk.requireOrder(after);
    Tables.SPRINTS.update(context, after.id().value(), after);
    context.record(new SprintFact.Started(after.projectId(), after.id(), context.now(), end));
    return after;
  }

  public SprintReview handle(WorkCommand.SprintComplete command, CommandContext context) {
    lockBoth(command, context);
    Sprint before = lock(command.id(), command.revision(), SprintStatus.ACTIVE, context);
    Project project =
        Tables.PROJECTS.get(context.sql(), context.tenant(), before.projectId().value());
    List<WorkItem> items = SprintItems.lock(before.id(), context);
    SprintStats stats = SprintItems.stats(before.id(), project, items, context);
    List<WorkItem> open =
        items.stream().filter(item -> !SprintItems.isDone(item, project)).toList();
    int moved = move(open, before, command, context);
    Sprint after =
        become(before, SprintStatus.COMPLETED, before.startDate(), context.now(), context);
    Tables.SPRINTS.update(context, after.id().value(), after);
    context.record(new SprintFact.Completed(after.projectId(), after.id(), context.now(), stats));
    return new SprintReview(after, stats, moved);
  }

  /// In the order of their ids: two sprints may be completed into each other at the same time.
  private static void lockBoth(WorkCommand.SprintComplete command, CommandContext context) {
    if (command.openItems() == OpenItems.SPRINT && command.nextSprintId() != null) {
      Stream.of(command.id().value(), command.nextSprintId().value())
          .sorted()
          .forEach(id -> Tables.SPRINTS.lock(context.sql(), context.tenant(), id));
    }
  }

  private static int move(
      List<WorkItem> open,
      Sprint before,
      WorkCommand.SprintComplete command,
      CommandContext context) {
    SprintId next = command.nextSprintId();
    return switch (Objects.requireNonNullElse(command.openItems(), OpenItems.STAY)) {
      case STAY -> 0;
      case BACKLOG -> {
        MoveItem.toSprint(open, null, context);
        yield open.size();
      }
      case SPRINT -> {
        if (next == null) {
          throw Fault.invalid("nextSprintId", "Say which sprint they go to.").asException();
        }
        Sprint target = Tables.SPRINTS.get(context.sql(), context.tenant(), next.value());
        if (!target.projectId().equals(before.projectId())
            || target.status() == SprintStatus.COMPLETED
            || target.id().equals(before.id())) {
          throw Fault.invalid("nextSprintId", "It must be an open sprint of the same project.")
              .asException();
        }
        MoveItem.toSprint(open, next, context);
        yield open.size();
      }
    };
  }

  private static Sprint lock(
      SprintId id, @Nullable Long revision, SprintStatus status, CommandContext context) {
    Sprint sprint = Tables.SPRINTS.lock(context.sql(), context.tenant(), id.value());
    Edit.requireRevision("sprint", revision, sprint.revision());
    if (sprint.status() != status) {
      throw Fault.of(Reason.WRONG_STATE, "The sprint is " + sprint.status().wireName() + ".")
          .asException();
    }
    return sprint;
  }

  private static Sprint become(
      Sprint before,
      SprintStatus status,
      @Nullable Instant start,
      @Nullable Instant end,
      CommandContext context) {
    ObjectNode fields = Json.MAPPER.createObjectNode().put("status", status.wireName());
    put(fields, "startDate", start);
    put(fields, "endDate", end);
    return Edit.of(before, fields, context).after();
  }

  private static void put(ObjectNode fields, String name, @Nullable Instant time) {
    if (time == null) {
      fields.putNull(name);
    } else {
      fields.put(name, time.toEpochMilli());
    }
  }
}
