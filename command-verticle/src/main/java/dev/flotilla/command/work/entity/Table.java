package dev.flotilla.command.work.entity;

import dev.flotilla.command.pipeline.CommandContext;
import dev.flotilla.command.store.Sql;
import dev.flotilla.command.task.Cursor;
import dev.flotilla.fault.Fault;
import dev.flotilla.fault.Reason;
import dev.flotilla.identity.TenantId;
import dev.flotilla.identity.UserId;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// One table of tracked work. A row is found by tenant and id only, and what is deleted is not
/// found unless it is asked for.
public final class Table<V extends Record> {
  private static final int DEFAULT_LIMIT = 50;

  private final String what;
  private final String name;
  private final Shape<V> shape;
  private final List<Shape.Field> stored;
  private final String read;
  private final String insert;
  private final String update;
  private final String delete;
  private final String restore;
  private final String deleted;

  /// @param what how messages call one of them
  /// @param computed fields that no column holds, and what makes them, in SQL about `t`
  Table(String what, String name, Class<V> type, Map<String, String> computed) {
    this.what = what;
    this.name = name;
    this.shape = Shape.of(type);
    this.stored =
        shape.fields().stream().filter(field -> !computed.containsKey(field.name())).toList();
    List<String> columns = stored.stream().map(Shape.Field::column).toList();
    String selected =
        columns.stream().map(column -> "t." + column).collect(Collectors.joining(", "))
            + computed.entrySet().stream()
                .map(each -> ", " + each.getValue() + " as " + Shape.column(each.getKey()))
                .collect(Collectors.joining());
    this.read = "select t.ordinal, " + selected + " from " + name + " t where t.tenant = $1 ";
    this.insert =
        "insert into %s (tenant, %s) values ($1, %s) on conflict do nothing"
            .formatted(name, String.join(", ", columns), places(2, columns.size()));
    this.update =
        "update %s set %s where tenant = $1 and id = $2".formatted(name, assignments(columns));
    this.delete =
        "update "
            + name
            + " set deleted_at = $3, deleted_by = $4"
            + " where tenant = $1 and id = any($2) and deleted_at is null";
    this.restore =
        "update "
            + name
            + " set deleted_at = null, deleted_by = null"
            + " where tenant = $1 and id = any($2)";
    this.deleted =
        "select 1 from " + name + " where tenant = $1 and id = $2 and deleted_at is not null";
  }

  private static String places(int first, int count) {
    return IntStream.range(first, first + count)
        .mapToObj(place -> "$" + place)
        .collect(Collectors.joining(", "));
  }

  private static String assignments(List<String> columns) {
    return IntStream.range(0, columns.size())
        .mapToObj(place -> columns.get(place) + " = $" + (place + 3))
        .collect(Collectors.joining(", "));
  }

  /// What some of the rows have in common.
  ///
  /// @param condition about `t`, with `?` for the value
  public record Filter(String condition, Object value) {
    public static Filter equal(String column, Object value) {
      return new Filter("t." + column + " = ?", value.toString());
    }
  }

  /// @param next null on the last page
  public record Page<V>(List<V> items, @Nullable String next) {}

  /// Throws CONFLICT where there is one of that id, or another that must be the only one.
  public void insert(Sql sql, TenantId tenant, V value) {
    if (!tryInsert(sql, tenant, value)) {
      throw Fault.of(Reason.ALREADY_EXISTS, "There is such a " + what + " already.").asException();
    }
  }

  public boolean tryInsert(Sql sql, TenantId tenant, V value) {
    return sql.run(insert, arguments(List.of(tenant.value()), value)).rowCount() == 1;
  }

  /// Writes a row that is locked. Statements that follow see it; it is waited for at the end.
  public void update(CommandContext context, String id, V value) {
    context
        .effects()
        .sent(context.sql().send(update, arguments(List.of(context.tenant().value(), id), value)));
  }

  /// Throws NOT_FOUND where the tenant has none of that id.
  public V get(Sql sql, TenantId tenant, String id) {
    return one(sql.run(read + "and t.id = $2 and t.deleted_at is null", tenant.value(), id), id);
  }

  /// Also where it is deleted.
  public V getEvenDeleted(Sql sql, TenantId tenant, String id) {
    return one(sql.run(read + "and t.id = $2", tenant.value(), id), id);
  }

  /// Also where it is deleted; nothing where there has never been one. The row is the transaction's
  /// until it ends.
  public Optional<V> lockEvenDeleted(Sql sql, TenantId tenant, String id) {
    return values(sql.run(read + "and t.id = $2 for update of t", tenant.value(), id)).stream()
        .findFirst();
  }

  /// One that is there.
  public boolean isDeleted(Sql sql, TenantId tenant, String id) {
    return sql.run(deleted, tenant.value(), id).size() > 0;
  }

  /// The row is the transaction's until it ends.
  public V lock(Sql sql, TenantId tenant, String id) {
    return one(
        sql.run(
            read + "and t.id = $2 and t.deleted_at is null for update of t", tenant.value(), id),
        id);
  }

  /// Stays as it is until the transaction ends; others may hold it so, too.
  public V hold(Sql sql, TenantId tenant, String id) {
    return one(
        sql.run(read + "and t.id = $2 and t.deleted_at is null for share of t", tenant.value(), id),
        id);
  }

  /// One that is deleted.
  public V lockDeleted(Sql sql, TenantId tenant, String id) {
    return one(
        sql.run(
            read + "and t.id = $2 and t.deleted_at is not null for update of t",
            tenant.value(),
            id),
        id);
  }

  public List<V> all(Sql sql, TenantId tenant, List<String> ids) {
    return values(
        sql.run(
            read + "and t.id = any($2) and t.deleted_at is null order by t.ordinal",
            tenant.value(),
            ids.toArray(String[]::new)));
  }

  public void delete(Sql sql, TenantId tenant, List<String> ids, Instant at, UserId by) {
    sql.run(
        delete,
        tenant.value(),
        ids.toArray(String[]::new),
        at.atOffset(ZoneOffset.UTC),
        by.value());
  }

  public void restore(Sql sql, TenantId tenant, List<String> ids) {
    sql.run(restore, tenant.value(), ids.toArray(String[]::new));
  }

  /// Newest first.
  public Page<V> page(
      Sql sql,
      TenantId tenant,
      List<Filter> filters,
      boolean deleted,
      @Nullable Integer limit,
      @Nullable String cursor) {
    List<@Nullable Object> arguments = new ArrayList<>();
    arguments.add(tenant.value());
    arguments.add(Cursor.parse("cursor", cursor).position());
    StringBuilder statement = new StringBuilder(read).append("and t.ordinal < $2");
    statement.append(deleted ? " and t.deleted_at is not null" : " and t.deleted_at is null");
    for (Filter filter : filters) {
      arguments.add(filter.value());
      statement.append(" and ").append(filter.condition().replace("?", "$" + arguments.size()));
    }
    int most = limit == null ? DEFAULT_LIMIT : limit;
    statement.append(" order by t.ordinal desc limit ").append(most);
    List<V> items = new ArrayList<>();
    long last = 0;
    for (Row row : sql.run(statement.toString(), arguments.toArray())) {
      items.add(shape.read(row));
      last = row.getLong("ordinal");
    }
    return new Page<>(items, items.size() < most ? null : new Cursor(last).text());
  }

  private @Nullable Object[] arguments(List<String> first, V value) {
    List<@Nullable Object> arguments = new ArrayList<>(first);
    stored.forEach(field -> arguments.add(field.argument(value)));
    return arguments.toArray();
  }

  private V one(RowSet<Row> rows, String id) {
    for (Row row : rows) {
      return shape.read(row);
    }
    throw Fault.notFound(what, id).asException();
  }

  private List<V> values(RowSet<Row> rows) {
    List<V> values = new ArrayList<>();
    rows.forEach(row -> values.add(shape.read(row)));
    return values;
  }

  @Override
  public String toString() {
    return name;
  }
}
