package dev.flotilla.command.tenant;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/// The tables that hold what tenants own, in the order in which their rows are deleted. What is not
/// here, and has no tenant, goes with a row that it refers to. A test compares this with the
/// catalogue of PostgreSQL: a new table cannot be forgotten.
enum OwnedTable {
  WORK_ITEM_TASKS("tenant, task"),
  DEPENDENCIES("tenant, id"),
  TIME_ENTRIES("tenant, id"),
  COMMENTS("tenant, id"),
  WORK_ITEMS("tenant, id"),
  SPRINTS("tenant, id"),
  PROJECTS("tenant, id"),
  SCHEDULES("tenant, id"),
  WEBHOOKS("tenant, id", "secret", "sealed_secret"),
  TASK_ATTEMPTS("task, number"),
  TASKS("tenant, ordinal"),
  INSTANCES("tenant, id", "token", "credential", "device_key"),
  THREADS("tenant, id"),
  SESSION_HOMES("tenant, session"),
  ROUTING_POLICIES("tenant"),
  RETENTION_POLICIES("tenant, kind"),
  OPEN_ALERTS("tenant, subject"),
  QUEUE_PAUSES("tenant, level"),
  QUEUE_POLICIES("tenant"),
  QUEUE_USAGE("tenant, span, since"),
  AUTH_SESSIONS("tenant, id", "csrf_hash"),
  USERS("tenant, id", "password_hash"),
  API_KEYS("tenant, id", "hash"),
  /// What was answered for the repetition of a request: of no use to anybody but the fleet.
  IDEMPOTENCY_KEYS("", "*"),
  AUDIT_LOG("tenant, id"),
  ACTIVITY("tenant, seq"),
  TENANT_LOG("tenant"),
  /// Those of the tenant itself stay: its tokens must not come to life again.
  REVOCATIONS("", "*");

  private static final String ALL = "*";

  private final String key;
  private final List<String> secrets;

  /// @param key the columns that order its rows, for pages
  /// @param secrets columns that are shown to nobody; `*` for all
  OwnedTable(String key, String... secrets) {
    this.key = key;
    this.secrets = List.of(secrets);
  }

  String table() {
    return name().toLowerCase(Locale.ROOT);
  }

  boolean exported() {
    return !secrets.contains(ALL);
  }

  static List<OwnedTable> allExported() {
    return Arrays.stream(values()).filter(OwnedTable::exported).toList();
  }

  static Optional<OwnedTable> named(String table) {
    return allExported().stream().filter(one -> one.table().equals(table)).findFirst();
  }

  /// Deletes so many rows of tenant `$1`.
  String delete() {
    String kept = this == REVOCATIONS ? " and kind <> 'tenant'" : "";
    return "delete from "
        + table()
        + " where ctid = any(array(select ctid from "
        + table()
        + " where tenant = $1"
        + kept
        + " limit $2))";
  }

  /// A page of the rows of tenant `$1` after the one whose key `$2` holds, at most `$3` of them and
  /// about `$4` bytes, but at least one. The key's types are those of the table, whatever they are.
  String page() {
    String named =
        Arrays.stream(key.split(", ", -1))
            .map(column -> "'" + column + "', t." + column)
            .collect(Collectors.joining(", "));
    String hidden = secrets.stream().map(one -> " - '" + one + "'").collect(Collectors.joining());
    return """
    select row, key from (
      select row, key, place, sum(octet_length(row)) over (order by place) as size
      from (
        select jsonb_build_object('table', '%1$s', 'row', to_jsonb(t)%2$s)::text as row,
          jsonb_build_object(%3$s)::text as key, row_number() over (order by %4$s) as place
        from (
          select * from %1$s
          where tenant = $1 and ($2::text is null or (%4$s) > (
            select %4$s from jsonb_populate_record(null::%1$s, $2::text::jsonb)))
          order by %4$s limit $3) t) shown) sized
    where size <= $4 or place = 1
    order by place
    """
        .formatted(table(), hidden, named, key);
  }
}
