package dev.flotilla.command.work.dependency;

import dev.flotilla.command.pipeline.CommandContext;
import dev.flotilla.command.work.entity.Locks;
import dev.flotilla.command.work.entity.Table.Filter;
import dev.flotilla.command.work.entity.Table.Page;
import dev.flotilla.command.work.entity.Tables;
import dev.flotilla.contract.Dependency;
import dev.flotilla.contract.DependencyFact;
import dev.flotilla.contract.DependencyType;
import dev.flotilla.contract.ItemPlace;
import dev.flotilla.contract.WorkCommand;
import dev.flotilla.contract.WorkItem;
import dev.flotilla.contract.WorkResult.DependencyPage;
import dev.flotilla.contract.WorkResult.WorkRemoved;
import dev.flotilla.fault.Fault;
import dev.flotilla.fault.Reason;
import dev.flotilla.identity.DependencyId;
import dev.flotilla.identity.Ids;
import dev.flotilla.identity.ItemId;
import java.time.Clock;
import java.util.List;
import java.util.Objects;

/// Which work item depends on which. What waits for itself, by however many others, could never be
/// done, so such a circle is refused; items of several projects may be in one.
public record DependencyDesk(Clock clock) {
  /// Everything that waits for the second item, at once or by others.
  private static final String CIRCLE =
      """
      with recursive waiting (id) as (
        select $2::text
        union
        select d.blocked_item_id from dependencies d join waiting w on d.blocking_item_id = w.id
        where d.tenant = $1 and d.dependency_type = 'blocks' and d.deleted_at is null
      )
      select exists(select 1 from waiting where id = $3)
      """;

  public Dependency handle(WorkCommand.DependencyCreate command, CommandContext context) {
    WorkItem blocking = item(command.blockingItemId(), context);
    WorkItem blocked = item(command.blockedItemId(), context);
    Dependency dependency =
        new Dependency(
            Objects.requireNonNullElseGet(command.id(), () -> new DependencyId(Ids.next(clock))),
            blocking.id(),
            blocked.id(),
            Objects.requireNonNullElse(command.dependencyType(), DependencyType.BLOCKS),
            context.now(),
            context.principal().user());
    requireNoCircle(dependency, context);
    Tables.DEPENDENCIES.insert(context.sql(), context.tenant(), dependency);
    context.record(
        new DependencyFact.Created(dependency, List.of(place(blocking), place(blocked))));
    return dependency;
  }

  private static void requireNoCircle(Dependency dependency, CommandContext context) {
    if (dependency.dependencyType() == DependencyType.BLOCKS) {
      Locks.dependencies(context.sql(), context.tenant());
      boolean circle =
          context
              .sql()
              .run(
                  CIRCLE,
                  context.tenant().value(),
                  dependency.blockedItemId().value(),
                  dependency.blockingItemId().value())
              .iterator()
              .next()
              .getBoolean(0);
      if (circle) {
        throw Fault.of(
                Reason.DEPENDENCY_CYCLE,
                "'%s' waits for '%s' already."
                    .formatted(dependency.blockingItemId(), dependency.blockedItemId()))
            .asException();
      }
    } else if (dependency.blockingItemId().equals(dependency.blockedItemId())) {
      throw Fault.invalid("blockedItemId", "Name two items.").asException();
    }
  }

  public DependencyPage handle(WorkCommand.DependencyList command, CommandContext context) {
    item(command.workItemId(), context);
    Page<Dependency> page =
        Tables.DEPENDENCIES.page(
            context.sql(),
            context.tenant(),
            List.of(
                new Filter(
                    "? in (t.blocking_item_id, t.blocked_item_id)", command.workItemId().value())),
            false,
            command.limit(),
            command.cursor());
    return new DependencyPage(page.items(), page.next());
  }

  public WorkRemoved handle(WorkCommand.DependencyDelete command, CommandContext context) {
    String id = command.id().value();
    Dependency gone = Tables.DEPENDENCIES.lock(context.sql(), context.tenant(), id);
    Tables.DEPENDENCIES.delete(
        context.sql(), context.tenant(), List.of(id), context.now(), context.principal().user());
    List<ItemPlace> places =
        Tables.ITEMS
            .all(
                context.sql(),
                context.tenant(),
                List.of(gone.blockingItemId().value(), gone.blockedItemId().value()))
            .stream()
            .map(DependencyDesk::place)
            .toList();
    context.record(
        new DependencyFact.Deleted(gone.id(), gone.blockingItemId(), gone.blockedItemId(), places));
    return new WorkRemoved(id);
  }

  private static ItemPlace place(WorkItem item) {
    return new ItemPlace(item.projectId(), item.sprintId(), item.id());
  }

  private static WorkItem item(ItemId id, CommandContext context) {
    return Tables.ITEMS.get(context.sql(), context.tenant(), id.value());
  }
}
