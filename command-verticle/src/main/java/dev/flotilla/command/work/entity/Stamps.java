package dev.flotilla.command.work.entity;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flotilla.command.pipeline.CommandContext;
import dev.flotilla.contract.FieldChange;
import dev.flotilla.wire.Json;
import io.vertx.sqlclient.Row;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// When each field of a thing was last set, and by which change. The later one wins; of two at the
/// same time, the one with the greater name.
public final class Stamps {
  public static final Stamps ITEMS = new Stamps("work_items");
  public static final Stamps COMMENTS = new Stamps("comments");
  public static final Stamps TIMES = new Stamps("time_entries");

  // Not one of many: PostgreSQL plans anew each time how it finds the rows of a list.
  private final String set;
  private final String setAll;
  private final String get;

  private Stamps(String table) {
    String change = "update " + table + " set stamps = stamps || $3::text::jsonb where tenant = $1";
    set = change + " and id = $2";
    setAll = change + " and id = any($2)";
    get = "select stamps::text as stamps from " + table + " where tenant = $1 and id = $2";
  }

  /// @param at epoch milliseconds
  /// @param change the correlation id of the change
  public record Stamp(long at, String change) implements Comparable<Stamp> {
    @Override
    public int compareTo(Stamp other) {
      return at == other.at ? change.compareTo(other.change) : Long.compare(at, other.at);
    }
  }

  /// By the command that runs now.
  public void set(Object id, List<FieldChange> changes, CommandContext context) {
    set(id, changes.stream().map(FieldChange::fieldName).toList(), now(context), context);
  }

  public void set(Object id, Collection<String> fields, Stamp stamp, CommandContext context) {
    send(set, id.toString(), fields, stamp, context);
  }

  public void set(
      List<String> ids, Collection<String> fields, Stamp stamp, CommandContext context) {
    send(setAll, ids.toArray(String[]::new), fields, stamp, context);
  }

  private static void send(
      String statement,
      Object ids,
      Collection<String> fields,
      Stamp stamp,
      CommandContext context) {
    ObjectNode stamps = Json.MAPPER.createObjectNode();
    fields.forEach(field -> stamps.set(field, Json.tree(stamp)));
    if (!stamps.isEmpty()) {
      String tenant = context.tenant().value();
      context.effects().sent(context.sql().send(statement, tenant, ids, stamps.toString()));
    }
  }

  public static Stamp now(CommandContext context) {
    return new Stamp(context.now().toEpochMilli(), context.correlationId());
  }

  /// By field; one that was never set since the thing was made has none.
  public Map<String, Stamp> of(Object id, CommandContext context) {
    Map<String, Stamp> stamps = new HashMap<>();
    for (Row row : context.sql().run(get, context.tenant().value(), id.toString())) {
      Json.read(row.getString("stamps"), ObjectNode.class)
          .properties()
          .forEach(
              each ->
                  stamps.put(each.getKey(), Json.read(each.getValue().toString(), Stamp.class)));
    }
    return stamps;
  }
}
