package dev.flotilla.command.work.sync;

import static dev.flotilla.command.work.sync.Merge.DELETED;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flotilla.command.pipeline.CommandContext;
import dev.flotilla.command.work.entity.Locks;
import dev.flotilla.contract.SyncVerdict;
import dev.flotilla.contract.WorkCommand;
import dev.flotilla.contract.WorkCommand.SyncEnvelope;
import dev.flotilla.contract.WorkResult.SyncOutcome;
import dev.flotilla.contract.WorkResult.Synced;
import dev.flotilla.fault.Fault;
import dev.flotilla.fault.FaultException;
import dev.flotilla.identity.ProjectId;
import dev.flotilla.wire.Json;
import java.util.List;
import java.util.Objects;

/// Applies what a client has changed while it was away: whoever applies the same changes in
/// whatever order comes to the same things. See docs/offline.md.
public record SyncWork(MergeItem items, MergeComment comments, MergeTime times) {
  private static final String PROJECTS =
      """
      select distinct project_id from work_items where tenant = $1 and id = any($2)
      order by project_id
      """;
  private static final String LOCK =
      """
      select id from work_items where tenant = $1 and id = any($2) order by id for update
      """;
  private static final List<String> ADDRESS =
      List.of("correlationId", "workItemId", "commentId", "timeEntryId", "at", "clear");
  private static final List<String> ORDER = List.of("parentId", "sprintId", "rank", DELETED);

  public Synced handle(WorkCommand.WorkSync command, CommandContext context) {
    lock(command.envelopes(), context);
    List<SyncOutcome> outcomes =
        command.envelopes().stream().map(envelope -> apply(envelope, context)).toList();
    if (outcomes.size() > 1) {
      // The audit log has room for the changes of one thing; the events tell those of all.
      context.effects().changed(null);
    }
    return new Synced(outcomes);
  }

  /// All at once and in one order, so that two clients that come back do not wait for each other;
  /// the order of items before the items, as everybody else does.
  private static void lock(List<SyncEnvelope> envelopes, CommandContext context) {
    String tenant = context.tenant().value();
    String[] ids =
        envelopes.stream()
            .map(envelope -> envelope.workItemId().value())
            .distinct()
            .toArray(String[]::new);
    if (envelopes.stream().anyMatch(SyncWork::changesOrder)) {
      context
          .sql()
          .run(PROJECTS, tenant, ids)
          .forEach(
              row ->
                  Locks.order(
                      context.sql(), context.tenant(), new ProjectId(row.getString("project_id"))));
    }
    context.sql().run(LOCK, tenant, ids);
  }

  private static boolean changesOrder(SyncEnvelope envelope) {
    return envelope.parentId() != null
        || envelope.sprintId() != null
        || envelope.rank() != null
        || envelope.deleted() != null
        || Objects.requireNonNullElse(envelope.clear(), List.<String>of()).stream()
            .anyMatch(ORDER::contains);
  }

  /// One that is refused is refused before anything of it is written.
  private SyncOutcome apply(SyncEnvelope envelope, CommandContext context) {
    try {
      ObjectNode given = given(envelope);
      if (envelope.commentId() != null) {
        return MergeEntry.merge(comments, envelope, envelope.commentId().value(), given, context);
      }
      if (envelope.timeEntryId() != null) {
        return MergeEntry.merge(times, envelope, envelope.timeEntryId().value(), given, context);
      }
      return items.merge(envelope, given, context);
    } catch (FaultException refused) {
      Fault fault = refused.fault();
      if (fault.retryable()) {
        throw refused;
      }
      return new SyncOutcome(
          envelope.correlationId(),
          SyncVerdict.REJECTED,
          List.of(),
          null,
          fault.reason().name(),
          fault.message(),
          null,
          null);
    }
  }

  /// New values by name; null where a field loses its own.
  private static ObjectNode given(SyncEnvelope envelope) {
    if (envelope.commentId() != null && envelope.timeEntryId() != null) {
      throw Fault.invalid("timeEntryId", "An envelope is about one thing.").asException();
    }
    ObjectNode given = (ObjectNode) Json.tree(envelope);
    given.remove(ADDRESS);
    for (String name : Objects.requireNonNullElse(envelope.clear(), List.<String>of())) {
      if (given.has(name)) {
        throw Fault.invalid("clear", "'" + name + "' is given, too.").asException();
      }
      given.putNull(name);
    }
    if (given.isEmpty()) {
      throw Fault.invalid("envelopes", "The envelope changes nothing.").asException();
    }
    return given;
  }

  /// A thing has these fields only; or it is deleted, and that comes alone.
  static void require(ObjectNode given, List<String> fields, String what) {
    given
        .fieldNames()
        .forEachRemaining(
            name -> {
              if (!fields.contains(name) && !name.equals(DELETED)) {
                throw Fault.invalid(name, "A " + what + " has no such field.").asException();
              }
            });
    if (given.has(DELETED) && given.size() > 1) {
      throw Fault.invalid(DELETED, "'" + DELETED + "' comes alone.").asException();
    }
  }
}
