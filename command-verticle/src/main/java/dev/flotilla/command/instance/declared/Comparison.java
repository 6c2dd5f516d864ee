package dev.flotilla.command.instance.declared;

import dev.flotilla.command.instance.Relocation;
import dev.flotilla.command.store.Sql;
import dev.flotilla.contract.InstanceWish;
import dev.flotilla.credential.Label;
import dev.flotilla.credential.Vault;
import dev.flotilla.fault.FaultException;
import dev.flotilla.identity.InstanceId;
import dev.flotilla.identity.TenantId;
import io.vertx.sqlclient.Row;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Finds what differs between the file and the table, whose rows it locks.
record Comparison(Vault vault, Sql sql) {
  // Two nodes that start together compare one after the other.
  private static final String ALONE = "select pg_advisory_xact_lock(7361550421)";
  private static final String READ =
      """
      select id, tenant, shared, url, region, zone, capabilities, max_concurrency, credential,
        token, declared, labels, weight, wish
      from instances order by id for update
      """;

  List<Step> of(InstancesFile file) {
    sql.run(ALONE);
    Map<String, Row> rows = new LinkedHashMap<>();
    sql.run(READ).forEach(row -> rows.put(row.getString("id"), row));
    List<Step> steps = new ArrayList<>();
    for (Declared wanted : file.instances()) {
      Row row = rows.remove(wanted.id().value());
      Step step = row == null ? new Step.Add(wanted) : compare(wanted, row);
      if (step != null) {
        steps.add(step);
      }
    }
    for (Row row : rows.values()) {
      if (row.getBoolean("declared")) {
        InstanceId id = new InstanceId(row.getString("id"));
        steps.add(
            file.prune()
                ? new Step.Remove(id, new TenantId(row.getString("tenant")))
                : new Step.Leave(id));
      }
    }
    return steps;
  }

  private @Nullable Step compare(Declared wanted, Row row) {
    if (!row.getString("tenant").equals(wanted.tenant().value())) {
      return new Step.Refuse(
          wanted.id(), "is registered by another tenant than " + wanted.tenant());
    }
    String stays =
        Relocation.problem(
            sql,
            wanted.id(),
            InstanceWish.named(row.getString("wish")),
            URI.create(row.getString("url")),
            wanted.url());
    if (stays != null) {
      return new Step.Wait(wanted.id(), stays);
    }
    List<String> changes = new ArrayList<>();
    differ(changes, "url", row.getString("url"), wanted.url().toString());
    differ(changes, "shared", row.getBoolean("shared"), wanted.shared());
    differ(changes, "region", row.getString("region"), wanted.region());
    differ(changes, "zone", row.getString("zone"), wanted.zone());
    List<String> capabilities = List.of(row.getArrayOfStrings("capabilities"));
    differ(changes, "capabilities", capabilities, wanted.capabilities());
    differ(changes, "maxConcurrency", row.getInteger("max_concurrency"), wanted.maxConcurrency());
    differ(changes, "labels", List.of(row.getArrayOfStrings("labels")), wanted.labels());
    differ(changes, "weight", row.getInteger("weight"), wanted.weight());
    boolean newToken = !wanted.token().reveal().equals(token(wanted, row));
    if (newToken) {
      changes.add("token");
    }
    if (!row.getBoolean("declared")) {
      changes.add("declared from now on");
    }
    return changes.isEmpty() ? null : new Step.Change(wanted, changes, newToken);
  }

  private static void differ(
      List<String> changes, String name, @Nullable Object is, @Nullable Object wanted) {
    if (!Objects.equals(is, wanted)) {
      changes.add(name + " " + shown(is) + " -> " + shown(wanted));
    }
  }

  private static Object shown(@Nullable Object value) {
    return value == null ? "none" : value;
  }

  /// One that cannot be opened is replaced: the file knows it.
  private @Nullable String token(Declared wanted, Row row) {
    String sealed = row.getString("credential");
    try {
      return sealed == null
          ? row.getString("token")
          : vault.open(sealed, Label.token(wanted.tenant(), wanted.id())).reveal();
    } catch (FaultException unreadable) {
      return null;
    }
  }
}
