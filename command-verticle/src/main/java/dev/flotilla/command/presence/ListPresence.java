package dev.flotilla.command.presence;

import dev.flotilla.command.pipeline.CommandContext;
import dev.flotilla.command.store.Deadline;
import dev.flotilla.contract.Command;
import dev.flotilla.contract.Result.PresencePage;
import dev.flotilla.contract.Result.PresenceView;
import dev.flotilla.fault.Fault;
import dev.flotilla.presence.Roster;
import dev.flotilla.presence.Roster.Online;
import dev.flotilla.store.StoreFaults;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/// Who of the tenant is online now. UNAVAILABLE while Redis is away: nobody knows then.
public record ListPresence(Roster roster) {
  private static final int DEFAULT_LIMIT = 200;
  private static final String PRESENCE = "Presence";
  private static final Duration LIMIT = Duration.ofSeconds(2);
  private static final Duration RETRY_AFTER = Duration.ofMillis(500);

  public PresencePage handle(Command.PresenceList command, CommandContext context) {
    int limit = Objects.requireNonNullElse(command.limit(), DEFAULT_LIMIT);
    List<Online> found = read(command, context, limit + 1);
    List<PresenceView> items =
        found.stream()
            .limit(limit)
            .map(each -> new PresenceView(each.user(), each.since()))
            .toList();
    return new PresencePage(items, found.size() > limit ? items.getLast().user() : null);
  }

  private List<Online> read(Command.PresenceList command, CommandContext context, int limit) {
    try {
      return Deadline.in(LIMIT)
          .await(roster.online(context.tenant(), command.after(), limit), PRESENCE);
    } catch (Throwable failure) {
      if (StoreFaults.of(failure) == null) {
        throw failure;
      }
      throw Fault.unavailable(PRESENCE, RETRY_AFTER).asException();
    }
  }
}
