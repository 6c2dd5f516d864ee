package dev.flotilla.command.instance;

import dev.flotilla.command.pipeline.CommandContext;
import dev.flotilla.command.store.Sql;
import dev.flotilla.contract.InstanceWish;
import dev.flotilla.identity.InstanceId;
import dev.flotilla.identity.Scope;
import dev.flotilla.identity.TenantId;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The table `instances`: what operators want.
public final class InstanceStore {
  private static final String INSERT =
      """
      insert into instances (id, tenant, shared, url, credential, device_key, region, zone,
        capabilities, max_concurrency, created_by, created_at, labels, weight)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
      on conflict (id) do nothing
      """;
  private static final String UPDATE =
      """
      update instances set shared = $2, url = $3, region = $4, zone = $5, capabilities = $6,
        max_concurrency = $7, revision = $8, credential = coalesce($9, credential),
        token = case when $9::text is null then token end, labels = $10, weight = $11
      where id = $1
      """;
  // An instance that is not shared exists for its own tenant only.
  private static final String VISIBLE = " from instances where (tenant = $1 or shared)";
  private static final String FIND = "select " + InstanceRow.COLUMNS + VISIBLE + " and id = $2";
  private static final String LIST = "select " + InstanceRow.COLUMNS + VISIBLE + " order by id";
  private static final String ALL = "select " + InstanceRow.COLUMNS + " from instances order by id";
  private static final String DELETE = "delete from instances where id = $1";
  private static final String WISH =
      """
      update instances set revision = revision + 1, wish = $2, wish_reason = $3, wished_by = $4, wished_at = $5,
        drain_by = $6, drained_at = null
      where id = $1 returning
      """
          + InstanceRow.COLUMNS;
  private static final String CREDENTIAL = "select credential from instances where id = $1";
  private static final String REVOKE =
      """
      update instances set revision = revision + 1, token = null, credential = $2, device_key = $3
      where id = $1 returning
      """
          + InstanceRow.COLUMNS;
  private static final String EXISTS = "select 1 from instances where id = $1";

  /// False where the id is taken, by whomever.
  boolean insert(Sql sql, InstanceRow row, String credential, String deviceKey, String createdBy) {
    return sql.run(
                INSERT,
                row.id().value(),
                row.tenant().value(),
                row.shared(),
                row.url().toString(),
                credential,
                deviceKey,
                row.region(),
                row.zone(),
                row.capabilities().toArray(String[]::new),
                row.maxConcurrency(),
                createdBy,
                row.createdAt().atOffset(ZoneOffset.UTC),
                row.labels().toArray(String[]::new),
                row.weight())
            .rowCount()
        == 1;
  }

  public Optional<InstanceRow> find(Sql sql, TenantId tenant, InstanceId id) {
    return all(sql.run(FIND, tenant.value(), id.value())).stream().findFirst();
  }

  /// One that the caller means to change: an instance that serves all tenants is the fleet's.
  InstanceRow lock(InstanceId id, CommandContext context) {
    InstanceRow row =
        all(context.sql().run(FIND + " for update", context.tenant().value(), id.value())).stream()
            .findFirst()
            .orElseThrow(() -> GetInstance.notFound(id));
    if (row.shared()) {
      context.principal().require(Scope.FLEET_ADMIN);
    }
    return row;
  }

  /// The instances that serve the tenant.
  public List<InstanceRow> list(Sql sql, TenantId tenant) {
    return all(sql.run(LIST, tenant.value()));
  }

  /// Every tenant's.
  public List<InstanceRow> all(Sql sql) {
    return all(sql.run(ALL));
  }

  /// @param credential sealed; null where it stays as it is
  void update(Sql sql, InstanceRow row, @Nullable String credential) {
    sql.run(
        UPDATE,
        row.id().value(),
        row.shared(),
        row.url().toString(),
        row.region(),
        row.zone(),
        row.capabilities().toArray(String[]::new),
        row.maxConcurrency(),
        row.revision(),
        credential,
        row.labels().toArray(String[]::new),
        row.weight());
  }

  void delete(Sql sql, InstanceId id) {
    sql.run(DELETE, id.value());
  }

  /// @param drainBy null where it is not to be drained
  InstanceRow wish(
      Sql sql,
      InstanceId id,
      InstanceWish wish,
      @Nullable String reason,
      String wishedBy,
      Instant now,
      @Nullable Instant drainBy) {
    return all(sql.run(
            WISH,
            id.value(),
            wish.wireName(),
            reason,
            wishedBy,
            now.atOffset(ZoneOffset.UTC),
            drainBy == null ? null : drainBy.atOffset(ZoneOffset.UTC)))
        .getFirst();
  }

  /// As it stands there; null where a version before has written it.
  @Nullable String credential(Sql sql, InstanceId id) {
    return sql.run(CREDENTIAL, id.value()).iterator().next().getString("credential");
  }

  /// @param nothing what stands in place of the credential, sealed
  InstanceRow revoke(Sql sql, InstanceId id, String nothing, String deviceKey) {
    return all(sql.run(REVOKE, id.value(), nothing, deviceKey)).getFirst();
  }

  /// Whether the instance is part of the fleet at all.
  public boolean exists(Sql sql, InstanceId id) {
    return sql.run(EXISTS, id.value()).size() == 1;
  }

  private static List<InstanceRow> all(RowSet<Row> rows) {
    List<InstanceRow> instances = new ArrayList<>(rows.size());
    rows.forEach(row -> instances.add(InstanceRow.of(row)));
    return instances;
  }
}
