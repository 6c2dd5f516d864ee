package dev.flotilla.command;

import dev.flotilla.bus.Addresses;
import dev.flotilla.contract.CommandKind;
import dev.flotilla.contract.Fact;
import dev.flotilla.contract.Sprint;
import dev.flotilla.contract.WorkItem;
import dev.flotilla.contract.WorkResult.Project;
import dev.flotilla.contract.WorkResult.WorkItemPage;
import dev.flotilla.fault.Reason;
import dev.flotilla.identity.Ids;
import dev.flotilla.identity.Principal;
import dev.flotilla.identity.Role;
import dev.flotilla.log.Event;
import dev.flotilla.testkit.Patience;
import dev.flotilla.wire.RawJson;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A project of a tenant of its own, so that nothing of another test is in its log.
final class Board {
  private static final Duration PATIENCE = Patience.LIMIT;

  final CommandFleet fleet;
  final Principal user;
  final String project;

  Board(CommandFleet fleet) {
    this.fleet = fleet;
    this.user = CommandFleet.principal("tenant-" + Ids.next(fleet.clock), "alice", Role.OPERATOR);
    this.project = ask(CommandKind.PROJECT_CREATE, Project.class, "name", "Website").id().value();
  }

  <R> R ask(CommandKind kind, Class<R> type, Object... params) {
    return ask(user, kind, type, params);
  }

  <R> R ask(Principal who, CommandKind kind, Class<R> type, Object... params) {
    return fleet.ask(who, kind, map(params), Ids.next(fleet.clock), type);
  }

  Reason refused(CommandKind kind, Object... params) {
    return refused(user, kind, params);
  }

  Reason refused(Principal who, CommandKind kind, Object... params) {
    return fleet.refused(who, kind, map(params), Ids.next(fleet.clock)).reason();
  }

  /// Without waiting, so that several run at the same time on whatever nodes there are.
  Future<RawJson> send(CommandKind kind, Object... params) {
    return fleet.bus.ask(
        Addresses.EXECUTE,
        CommandFleet.request(user, kind, map(params), Ids.next(fleet.clock)),
        PATIENCE);
  }

  WorkItem item(String title, Object... more) {
    Map<String, Object> params = map(more);
    params.put("projectId", project);
    params.put("itemType", "task");
    params.put("title", title);
    return fleet.ask(
        user, CommandKind.WORK_ITEM_CREATE, params, Ids.next(fleet.clock), WorkItem.class);
  }

  Sprint sprint(String name) {
    return ask(CommandKind.SPRINT_CREATE, Sprint.class, "projectId", project, "name", name);
  }

  WorkItem get(WorkItem item) {
    return ask(CommandKind.WORK_ITEM_GET, WorkItem.class, "id", item.id().value());
  }

  /// All items of the project, by their rank.
  List<WorkItem> ordered() {
    List<WorkItem> items = new ArrayList<>();
    String cursor = null;
    do {
      WorkItemPage page =
          cursor == null
              ? ask(
                  CommandKind.WORK_ITEM_LIST,
                  WorkItemPage.class,
                  "projectId",
                  project,
                  "limit",
                  200)
              : ask(
                  CommandKind.WORK_ITEM_LIST,
                  WorkItemPage.class,
                  "projectId",
                  project,
                  "limit",
                  200,
                  "cursor",
                  cursor);
      items.addAll(page.items());
      cursor = page.nextCursor();
    } while (cursor != null);
    items.sort(Comparator.comparing(item -> Objects.requireNonNull(item.rank())));
    return items;
  }

  List<String> titles() {
    return ordered().stream().map(WorkItem::title).toList();
  }

  List<Event> events() {
    return fleet.log.read(user.tenant(), 0, Long.MAX_VALUE, 10_000).await();
  }

  List<Fact> facts() {
    return events().stream().map(Event::fact).toList();
  }

  @Nullable Fact lastFact() {
    List<Fact> facts = facts();
    return facts.isEmpty() ? null : facts.getLast();
  }

  private static Map<String, Object> map(Object... params) {
    Map<String, Object> map = new HashMap<>();
    for (int i = 0; i < params.length; i += 2) {
      map.put((String) params[i], params[i + 1]);
    }
    return map;
  }
}
