package dev.flotilla.command.activity;

import dev.flotilla.command.pipeline.CommandContext;
import dev.flotilla.contract.EventKind;
import dev.flotilla.contract.Topic;
import dev.flotilla.contract.WorkCommand;
import dev.flotilla.contract.WorkResult.ActivityEntry;
import dev.flotilla.contract.WorkResult.ActivityGap;
import dev.flotilla.contract.WorkResult.ActivityPage;
import dev.flotilla.fault.Fault;
import dev.flotilla.identity.ItemId;
import dev.flotilla.identity.Principal;
import dev.flotilla.identity.ProjectId;
import dev.flotilla.identity.SprintId;
import dev.flotilla.log.Event;
import dev.flotilla.log.EventLog;
import dev.flotilla.log.EventLog.Search;
import dev.flotilla.log.Head;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Reads a tenant's log from where a client has stopped. Together with a resumed session it is all
/// that the client has missed: both read the same log, and count in the same numbers.
public record ReadActivity(EventLog log) {
  private static final int DEFAULT_LIMIT = 100;

  /// How much of the log one page looks through at most, for events that are asked for and rare.
  private static final long STRETCH = 20_000;

  // A page ends early where it would fill more than a frame.
  private static final int MAX_CHARACTERS = 512 * 1024;

  /// Where reading begins, and what is missing before it.
  private record Start(long after, @Nullable ActivityGap gap) {}

  public ActivityPage handle(WorkCommand.ActivityList command, CommandContext context) {
    Head head = await(context, log.head(context.tenant()));
    Start start = start(Since.parse(command.since()), head, context);
    long end = Math.min(head.seq(), start.after() + STRETCH);
    int limit = Objects.requireNonNullElse(command.limit(), DEFAULT_LIMIT);
    List<Event> found =
        start.after() >= end
            ? List.of()
            : await(
                context,
                log.find(
                    context.tenant(),
                    new Search(
                        start.after(),
                        end,
                        topics(command),
                        command.actor() == null ? null : command.actor().value(),
                        kinds(command.type()),
                        limit)));
    return page(found, found.size() < limit ? end : null, start, head, context.principal());
  }

  /// @param end how far the log was looked through, null where the page is full before
  private static ActivityPage page(
      List<Event> found, @Nullable Long end, Start start, Head head, Principal principal) {
    List<ActivityEntry> entries = new ArrayList<>();
    long last = start.after();
    int characters = 0;
    boolean whole = true;
    for (Event event : found) {
      characters += event.payload().text().length();
      if (characters > MAX_CHARACTERS && last > start.after()) {
        whole = false;
        break;
      }
      last = Objects.requireNonNull(event.seq());
      if (mayHear(principal, event)) {
        entries.add(entry(event, last));
      }
    }
    long next = whole && end != null ? Math.max(end, start.after()) : last;
    return new ActivityPage(entries, next + "@" + head.epoch(), next < head.seq(), start.gap());
  }

  private static ActivityEntry entry(Event event, long seq) {
    return new ActivityEntry(
        seq,
        event.kind().wireName(),
        event.topics().stream().map(Topic::name).toList(),
        event.at(),
        event.actor(),
        event.correlationId(),
        event.payload());
  }

  /// Who could subscribe to one of its topics.
  private static boolean mayHear(Principal principal, Event event) {
    return event.topics().stream().anyMatch(topic -> principal.may(topic.family().scope()));
  }

  private Start start(Since since, Head head, CommandContext context) {
    return switch (since) {
      case Since.Beginning() -> new Start(head.floor(), null);
      case Since.Place(long seq, var epoch) -> start(seq, epoch, head);
      case Since.Time(Instant at) -> start(at, head, context);
    };
  }

  private static Start start(long seq, @Nullable String epoch, Head head) {
    if (epoch != null && !epoch.equals(head.epoch())) {
      return new Start(head.floor(), new ActivityGap("EPOCH_CHANGED", null, null));
    }
    if (seq > head.seq()) {
      return new Start(head.seq(), new ActivityGap("AHEAD_OF_HEAD", null, null));
    }
    return seq < head.floor()
        ? new Start(head.floor(), new ActivityGap("RETENTION", seq + 1, head.floor()))
        : new Start(seq, null);
  }

  private Start start(Instant at, Head head, CommandContext context) {
    long first = await(context, log.firstSince(context.tenant(), at));
    if (first == 0) {
      return new Start(head.seq(), null);
    }
    // The oldest that is kept happened after that time: those before it may have, too.
    boolean cut = head.floor() > 0 && first == head.floor() + 1;
    return new Start(first - 1, cut ? new ActivityGap("RETENTION", null, head.floor()) : null);
  }

  private static @Nullable List<Topic> topics(WorkCommand.ActivityList command) {
    List<Topic> topics = new ArrayList<>();
    Objects.requireNonNullElse(command.projectIds(), List.<ProjectId>of())
        .forEach(id -> topics.add(Topic.project(id)));
    Objects.requireNonNullElse(command.sprintIds(), List.<SprintId>of())
        .forEach(id -> topics.add(Topic.sprint(id)));
    Objects.requireNonNullElse(command.workItemIds(), List.<ItemId>of())
        .forEach(id -> topics.add(Topic.item(id)));
    return topics.isEmpty() ? null : topics;
  }

  private static @Nullable List<EventKind> kinds(@Nullable List<String> types) {
    return types == null || types.isEmpty()
        ? null
        : types.stream().map(ReadActivity::kind).toList();
  }

  private static EventKind kind(String type) {
    return Arrays.stream(EventKind.values())
        .filter(kind -> kind.wireName().equals(type))
        .findFirst()
        .orElseThrow(
            () -> Fault.invalid("type", "There is no event '" + type + "'.").asException());
  }

  private static <T> T await(CommandContext context, Future<T> sent) {
    return context.sql().await(sent);
  }
}
