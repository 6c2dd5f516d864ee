package dev.flotilla.command.work.item;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flotilla.command.pipeline.CommandContext;
import dev.flotilla.command.store.Sql;
import dev.flotilla.contract.FieldChange;
import dev.flotilla.identity.ItemId;
import dev.flotilla.identity.TenantId;
import dev.flotilla.wire.Json;
import io.vertx.sqlclient.Row;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// When each field of an item was last set, and by which change. The later one wins; of two at the
/// same time, the one with the greater name.
public final class Stamps {
  private static final String SET =
      """
      update work_items set stamps = stamps || $3::text::jsonb where tenant = $1 and id = $2
      """;

  private static final String GET =
      "select stamps::text as stamps from work_items where tenant = $1 and id = $2";

  /// @param at epoch milliseconds
  /// @param change the correlation id of the change
  public record Stamp(long at, String change) implements Comparable<Stamp> {
    @Override
    public int compareTo(Stamp other) {
      return at == other.at ? change.compareTo(other.change) : Long.compare(at, other.at);
    }
  }

  void set(ItemId item, List<FieldChange> changes, CommandContext context) {
    Stamp stamp = new Stamp(context.now().toEpochMilli(), context.correlationId());
    set(item, changes.stream().map(FieldChange::fieldName).toList(), stamp, context);
  }

  /// @param fields whose names are those of the fields that were set
  public void set(ItemId item, ObjectNode fields, Stamp stamp, CommandContext context) {
    List<String> names = new ArrayList<>();
    fields.fieldNames().forEachRemaining(names::add);
    set(item, names, stamp, context);
  }

  private static void set(ItemId item, List<String> fields, Stamp stamp, CommandContext context) {
    ObjectNode stamps = Json.MAPPER.createObjectNode();
    fields.forEach(field -> stamps.set(field, Json.tree(stamp)));
    context
        .effects()
        .sent(context.sql().send(SET, context.tenant().value(), item.value(), stamps.toString()));
  }

  /// By field; one that was never set since the item was created has none.
  public Map<String, Stamp> of(Sql sql, TenantId tenant, ItemId item) {
    Map<String, Stamp> stamps = new HashMap<>();
    for (Row row : sql.run(GET, tenant.value(), item.value())) {
      Json.read(row.getString("stamps"), ObjectNode.class)
          .properties()
          .forEach(
              each ->
                  stamps.put(each.getKey(), Json.read(each.getValue().toString(), Stamp.class)));
    }
    return stamps;
  }
}
