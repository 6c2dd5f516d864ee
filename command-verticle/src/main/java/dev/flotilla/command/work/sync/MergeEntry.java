package dev.flotilla.command.work.sync;

import static dev.flotilla.command.work.sync.Merge.DELETED;

import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flotilla.command.pipeline.CommandContext;
import dev.flotilla.command.work.entity.Own;
import dev.flotilla.command.work.entity.Stamps.Stamp;
import dev.flotilla.contract.WorkCommand.SyncEnvelope;
import dev.flotilla.contract.WorkResult.SyncOutcome;
import dev.flotilla.fault.Fault;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// An entry that was made, changed or deleted without a connection. Only who made it changes it,
/// and deleted is deleted: nothing brings it back.
final class MergeEntry {
  private MergeEntry() {}

  static <V extends Record> SyncOutcome merge(
      Entries<V> entries,
      SyncEnvelope envelope,
      String id,
      ObjectNode given,
      CommandContext context) {
    Entries.Kind<V> kind = entries.kind();
    SyncWork.require(given, kind.fields(), kind.what());
    Stamp mine = Merge.stamp(envelope, context);
    Optional<V> found = kind.table().lockEvenDeleted(context.sql(), context.tenant(), id);
    if (found.isEmpty() && !given.has(DELETED)) {
      V made = entries.add(envelope, id, context);
      // What it does not have it was given without, then.
      kind.stamps().set(id, kind.fields(), mine, context);
      return entries.outcome(Merge.all(mine, given), made);
    }
    V before =
        found
            .filter(entry -> entries.origin(entry).item().equals(envelope.workItemId()))
            .orElseThrow(() -> Fault.notFound(kind.what(), id).asException());
    Entries.Origin origin = entries.origin(before);
    Own.require(origin.author(), context);
    Map<String, Stamp> stamps = kind.stamps().of(id, context);
    boolean gone = kind.table().isDeleted(context.sql(), context.tenant(), id);
    if (given.has(DELETED)) {
      if (!given.get(DELETED).asBoolean()) {
        throw Fault.invalid(DELETED, "It cannot be restored.").asException();
      }
      if (!gone) {
        entries.delete(before, context);
        kind.stamps().set(id, List.of(DELETED), mine, context);
      }
      return entries.outcome(Merge.all(mine, given), null);
    }
    Merge merge = Merge.of(mine, given, before, stamps, origin.createdAt());
    if (gone) {
      Stamp theirs = stamps.getOrDefault(DELETED, Merge.UNKNOWN);
      return entries.outcome(merge.overruled(DELETED, BooleanNode.TRUE, theirs), null);
    }
    if (merge.won().isEmpty()) {
      return entries.outcome(merge, before);
    }
    V after = entries.change(before, merge.won(), context);
    kind.stamps().set(id, merge.winners(), mine, context);
    return entries.outcome(merge, after);
  }
}
