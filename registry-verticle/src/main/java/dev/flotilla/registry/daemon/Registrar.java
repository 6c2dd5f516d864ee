package dev.flotilla.registry.daemon;

import dev.flotilla.config.LocalGateway;
import dev.flotilla.config.Secret;
import dev.flotilla.contract.Fact;
import dev.flotilla.contract.InstanceChange;
import dev.flotilla.contract.InstanceState;
import dev.flotilla.credential.DeviceKeys;
import dev.flotilla.credential.Label;
import dev.flotilla.credential.Vault;
import dev.flotilla.identity.InstanceId;
import dev.flotilla.identity.TenantId;
import dev.flotilla.log.EventBatch;
import dev.flotilla.log.EventLog;
import dev.flotilla.log.EventLog.Draft;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Makes the gateway of this host an instance of the fleet, if the configuration wants that and
/// nobody has done it. What operators change afterwards stays as they want it.
public record Registrar(Pool pool, EventLog log, Vault vault, Clock clock, LocalGateway config) {
  /// Who has registered it, in the table and in the log.
  static final String ACTOR = "local";

  private static final int SLOTS = 4;
  private static final String INSERT =
      """
      insert into instances (id, tenant, shared, url, credential, device_key, created_by, created_at,
        max_concurrency)
      values ($1, $2, false, $3, $4, $5, $6, $7, $8)
      on conflict (id) do nothing
      """;

  /// @return whether the instance is new
  public Future<Boolean> register() {
    String tenant = config.tenant();
    Secret token = config.token();
    if (tenant == null || token == null) {
      return Future.succeededFuture(false);
    }
    InstanceId id = new InstanceId(config.instance());
    return pool.withTransaction(tx -> insert(tx, new TenantId(tenant), id, token))
        .map(
            batch -> {
              if (batch != null) {
                log.publish(batch);
              }
              return batch != null;
            });
  }

  private Future<@Nullable EventBatch> insert(
      SqlConnection tx, TenantId tenant, InstanceId id, Secret token) {
    Fact fact =
        new Fact.InstanceChanged(
            InstanceChange.REGISTERED, id, InstanceState.STARTING, "the gateway of a node's host");
    return tx.preparedQuery(INSERT)
        .execute(
            Tuple.from(
                List.of(
                    id.value(),
                    tenant.value(),
                    Objects.requireNonNullElse(config.url(), "ws://127.0.0.1:" + config.port()),
                    vault.seal(token, Label.token(tenant, id)),
                    vault.seal(DeviceKeys.generate(), Label.deviceKey(tenant, id)),
                    ACTOR,
                    clock.instant().atOffset(ZoneOffset.UTC),
                    SLOTS)))
        .compose(
            rows ->
                rows.rowCount() == 0
                    ? Future.succeededFuture()
                    : log.append(tx, tenant, List.of(new Draft(fact, ACTOR, null))));
  }
}
