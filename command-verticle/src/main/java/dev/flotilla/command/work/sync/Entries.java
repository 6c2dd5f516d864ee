package dev.flotilla.command.work.sync;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flotilla.command.pipeline.CommandContext;
import dev.flotilla.command.work.entity.Stamps;
import dev.flotilla.command.work.entity.Table;
import dev.flotilla.contract.WorkCommand.SyncEnvelope;
import dev.flotilla.contract.WorkResult.SyncOutcome;
import dev.flotilla.identity.ItemId;
import dev.flotilla.identity.UserId;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What people add to work items, each for themselves: comments, and times that were spent.
interface Entries<V extends Record> {

  /// @param what how messages call one of them
  /// @param fields what one can be given, besides that it is deleted
  record Kind<V extends Record>(String what, Table<V> table, Stamps stamps, List<String> fields) {}

  /// Whose an entry is, and where.
  record Origin(ItemId item, UserId author, Instant createdAt) {}

  Kind<V> kind();

  Origin origin(V entry);

  V add(SyncEnvelope envelope, String id, CommandContext context);

  /// @param won new values by name, at least one
  V change(V before, ObjectNode won, CommandContext context);

  void delete(V entry, CommandContext context);

  /// @param entry as it is now; nothing where it is deleted
  SyncOutcome outcome(Merge merge, @Nullable V entry);
}
