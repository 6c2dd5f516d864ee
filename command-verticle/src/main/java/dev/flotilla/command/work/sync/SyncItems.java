package dev.flotilla.command.work.sync;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flotilla.command.pipeline.CommandContext;
import dev.flotilla.command.work.entity.Edit;
import dev.flotilla.command.work.entity.Tables;
import dev.flotilla.command.work.item.ItemDesk;
import dev.flotilla.command.work.item.Stamps;
import dev.flotilla.command.work.item.Stamps.Stamp;
import dev.flotilla.contract.SyncVerdict;
import dev.flotilla.contract.WorkCommand;
import dev.flotilla.contract.WorkCommand.SyncEnvelope;
import dev.flotilla.contract.WorkItem;
import dev.flotilla.contract.WorkResult.LostField;
import dev.flotilla.contract.WorkResult.SyncOutcome;
import dev.flotilla.contract.WorkResult.Synced;
import dev.flotilla.fault.Fault;
import dev.flotilla.fault.FaultException;
import dev.flotilla.wire.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Applies what a client has changed while it was away. Of two changes of a field the later one
/// wins, and of two at the same time the one with the greater correlation id: whoever applies the
/// same changes in whatever order comes to the same item. See docs/offline.md.
public record SyncItems(ItemDesk items, Stamps stamps) {
  private static final String LOCK =
      """
      select id from work_items where tenant = $1 and id = any($2) order by id for update
      """;
  private static final List<String> ADDRESS = List.of("correlationId", "workItemId", "at", "clear");

  public Synced handle(WorkCommand.WorkSync command, CommandContext context) {
    // All at once and in one order, so that two clients that come back do not wait for each other.
    String[] ids =
        command.envelopes().stream()
            .map(envelope -> envelope.workItemId().value())
            .distinct()
            .toArray(String[]::new);
    context.sql().run(LOCK, context.tenant().value(), ids);
    List<SyncOutcome> outcomes =
        command.envelopes().stream().map(envelope -> apply(envelope, context)).toList();
    if (outcomes.size() > 1) {
      // The audit log has room for the changes of one thing; the events tell those of all.
      context.effects().changed(null);
    }
    return new Synced(outcomes);
  }

  /// One that is refused is refused before anything of it is written.
  private SyncOutcome apply(SyncEnvelope envelope, CommandContext context) {
    try {
      return merge(envelope, context);
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
          fault.message());
    }
  }

  private SyncOutcome merge(SyncEnvelope envelope, CommandContext context) {
    WorkItem before =
        Tables.ITEMS.lock(context.sql(), context.tenant(), envelope.workItemId().value());
    ObjectNode given = given(envelope);
    if (given.isEmpty()) {
      throw Fault.invalid("envelopes", "The envelope changes nothing.").asException();
    }
    Map<String, Stamp> set = stamps.of(context.sql(), context.tenant(), before.id());
    Stamp mine = new Stamp(at(envelope, context).toEpochMilli(), envelope.correlationId());
    Stamp first = new Stamp(before.createdAt().toEpochMilli(), "");
    ObjectNode won = Json.MAPPER.createObjectNode();
    List<LostField> lost = new ArrayList<>();
    for (Map.Entry<String, JsonNode> field : given.properties()) {
      Stamp theirs = set.getOrDefault(field.getKey(), first);
      if (mine.compareTo(theirs) >= 0) {
        won.set(field.getKey(), field.getValue());
      } else {
        lost.add(lost(field.getKey(), theirs, before));
      }
    }
    WorkItem after = items.write(Edit.of(before, won, context), context);
    stamps.set(after.id(), won, mine, context);
    return new SyncOutcome(envelope.correlationId(), verdict(won, lost), lost, after, null, null);
  }

  private static SyncVerdict verdict(ObjectNode won, List<LostField> lost) {
    if (lost.isEmpty()) {
      return SyncVerdict.APPLIED;
    }
    return won.isEmpty() ? SyncVerdict.REJECTED : SyncVerdict.MERGED;
  }

  /// A clock that is fast must not win for ever.
  private static Instant at(SyncEnvelope envelope, CommandContext context) {
    return envelope.at().isAfter(context.now()) ? context.now() : envelope.at();
  }

  /// New values by name; null where a field loses its own.
  private static ObjectNode given(SyncEnvelope envelope) {
    ObjectNode given = (ObjectNode) Json.tree(envelope);
    given.remove(ADDRESS);
    for (String name : Objects.requireNonNullElse(envelope.clear(), List.<String>of())) {
      if (given.has(name)) {
        throw Fault.invalid("clear", "'" + name + "' is given, too.").asException();
      }
      given.putNull(name);
    }
    return given;
  }

  private static LostField lost(String field, Stamp theirs, WorkItem item) {
    JsonNode value = Json.tree(item).get(field);
    return new LostField(field, text(value), Instant.ofEpochMilli(theirs.at()), theirs.change());
  }

  private static @Nullable String text(@Nullable JsonNode value) {
    if (value == null) {
      return null;
    }
    return value.isValueNode() ? value.asText() : value.toString();
  }
}
