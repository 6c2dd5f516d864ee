package dev.flotilla.command.work.sync;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flotilla.command.pipeline.CommandContext;
import dev.flotilla.command.work.entity.Stamps.Stamp;
import dev.flotilla.contract.Comment;
import dev.flotilla.contract.SyncVerdict;
import dev.flotilla.contract.TimeEntry;
import dev.flotilla.contract.WorkCommand.SyncEnvelope;
import dev.flotilla.contract.WorkItem;
import dev.flotilla.contract.WorkResult.LostField;
import dev.flotilla.contract.WorkResult.SyncOutcome;
import dev.flotilla.wire.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Which of an envelope's fields win, and what has won over the others: of two changes of a field
/// the later one wins, and of two at the same time the one with the greater name.
///
/// @param mine when the envelope's change was made, and its name
/// @param won new values by name; null takes one away
/// @param kept fields that have won before, when the same envelope was applied
record Merge(Stamp mine, ObjectNode won, List<String> kept, List<LostField> lost) {

  static final String DELETED = "deleted";

  /// Of what was set before anybody wrote down when.
  static final Stamp UNKNOWN = new Stamp(0, "");

  /// Nothing stands against it.
  static Merge all(Stamp mine, ObjectNode given) {
    return new Merge(mine, given, List.of(), List.of());
  }

  /// @param thing as it is now
  /// @param stamps of its fields
  /// @param first of fields that were never set since the thing was made
  static Merge of(
      Stamp mine, ObjectNode given, Record thing, Map<String, Stamp> stamps, Instant first) {
    Stamp made = new Stamp(first.toEpochMilli(), "");
    JsonNode now = Json.tree(thing);
    Merge merge =
        new Merge(mine, Json.MAPPER.createObjectNode(), new ArrayList<>(), new ArrayList<>());
    for (Map.Entry<String, JsonNode> field : given.properties()) {
      String name = field.getKey();
      Stamp theirs = stamps.getOrDefault(name, made);
      if (mine.equals(theirs)) {
        merge.kept.add(name);
      } else if (mine.compareTo(theirs) > 0) {
        merge.won.set(name, field.getValue());
      } else {
        merge.lose(name, now.get(name), theirs);
      }
    }
    return merge;
  }

  /// The name and time of an envelope. A clock that is fast must not win for ever.
  static Stamp stamp(SyncEnvelope envelope, CommandContext context) {
    Instant at = envelope.at().isAfter(context.now()) ? context.now() : envelope.at();
    return new Stamp(at.toEpochMilli(), envelope.correlationId());
  }

  void lose(String field, @Nullable JsonNode value, Stamp theirs) {
    lost.add(new LostField(field, text(value), Instant.ofEpochMilli(theirs.at()), theirs.change()));
  }

  /// None of it wins, because of something else.
  Merge overruled(String field, JsonNode value, Stamp theirs) {
    Merge none = new Merge(mine, Json.MAPPER.createObjectNode(), List.of(), new ArrayList<>());
    none.lose(field, value, theirs);
    return none;
  }

  /// The names of the fields that have won.
  Set<String> winners() {
    Set<String> names = new HashSet<>();
    won.fieldNames().forEachRemaining(names::add);
    return names;
  }

  /// What the thing is now; nothing where it is deleted.
  SyncOutcome outcome(
      @Nullable WorkItem item, @Nullable Comment comment, @Nullable TimeEntry entry) {
    return new SyncOutcome(mine.change(), verdict(), lost, item, null, null, comment, entry);
  }

  /// The same change again has the outcome that it had before.
  private SyncVerdict verdict() {
    if (lost.isEmpty()) {
      return SyncVerdict.APPLIED;
    }
    return won.isEmpty() && kept.isEmpty() ? SyncVerdict.REJECTED : SyncVerdict.MERGED;
  }

  private static @Nullable String text(@Nullable JsonNode value) {
    if (value == null) {
      return null;
    }
    return value.isValueNode() ? value.asText() : value.toString();
  }
}
