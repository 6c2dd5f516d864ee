package dev.flotilla.command.work.attend;

import dev.flotilla.command.pipeline.CommandContext;
import dev.flotilla.command.store.Deadline;
import dev.flotilla.command.work.attend.Stays.Gone;
import dev.flotilla.command.work.attend.Stays.Said;
import dev.flotilla.command.work.entity.Tables;
import dev.flotilla.contract.PresenceStatus;
import dev.flotilla.contract.WorkCommand;
import dev.flotilla.contract.WorkFact;
import dev.flotilla.contract.WorkItem;
import dev.flotilla.contract.WorkResult.Attendance;
import dev.flotilla.fault.Fault;
import dev.flotilla.identity.TenantId;
import dev.flotilla.identity.UserId;
import dev.flotilla.log.EventLog;
import dev.flotilla.log.EventLog.Draft;
import dev.flotilla.store.StoreFaults;
import io.vertx.core.Future;
import io.vertx.redis.client.Redis;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What users do at work items. A client says it again and again; what is the same as before is
/// told to nobody, and who is not heard of for a lease has left. Which node hears, and which one
/// notices the end, makes no difference.
public final class Attend {
  private static final String PRESENCE = "Presence";
  private static final Duration LIMIT = Duration.ofSeconds(2);
  private static final Duration RETRY_AFTER = Duration.ofMillis(500);

  private final Stays stays;
  private final EventLog log;
  private final Duration lease;

  /// @param lease how long it holds that somebody is at an item
  public Attend(Redis redis, EventLog log, Duration lease) {
    this.stays = new Stays(redis);
    this.log = log;
    this.lease = lease;
  }

  public Attendance handle(WorkCommand.ItemAttend command, CommandContext context) {
    WorkItem item = Tables.ITEMS.get(context.sql(), context.tenant(), command.id().value());
    Stay stay =
        new Stay(
            item.projectId(),
            item.sprintId(),
            Boolean.TRUE.equals(command.viewing()),
            Boolean.TRUE.equals(command.editing()),
            Boolean.TRUE.equals(command.typing()));
    UserId user = context.principal().user();
    Said said = await(stays.say(context.tenant(), item.id(), user, stay, lease));
    tell(
        context.tenant(),
        stay.since(said.before(), item.id(), user, PresenceStatus.ONLINE),
        user,
        context.correlationId());
    return new Attendance(item.id(), stay.over() ? null : context.now().plus(lease), said.people());
  }

  /// Tells who has left without a word.
  public void look() {
    List<Gone> gone = await(stays.end());
    gone.forEach(
        each ->
            tell(
                each.tenant(),
                each.last()
                    .ended()
                    .since(each.last(), each.item(), each.user(), PresenceStatus.OFFLINE),
                each.user(),
                null));
  }

  private void tell(
      TenantId tenant, List<WorkFact> facts, UserId user, @Nullable String correlationId) {
    if (!facts.isEmpty()) {
      log.publishEphemeral(
          tenant,
          facts.stream().map(fact -> new Draft(fact, user.value(), correlationId)).toList());
    }
  }

  private static <T> T await(Future<T> answer) {
    try {
      return Deadline.in(LIMIT).await(answer, PRESENCE);
    } catch (Throwable failure) {
      if (StoreFaults.of(failure) == null) {
        throw failure;
      }
      throw Fault.unavailable(PRESENCE, RETRY_AFTER).asException();
    }
  }
}
