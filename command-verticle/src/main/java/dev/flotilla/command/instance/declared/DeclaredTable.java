package dev.flotilla.command.instance.declared;

import dev.flotilla.command.store.Sql;
import dev.flotilla.credential.DeviceKeys;
import dev.flotilla.credential.Label;
import dev.flotilla.credential.Vault;
import dev.flotilla.identity.InstanceId;
import java.time.Instant;
import java.time.ZoneOffset;

/// Writes what the file wants.
record DeclaredTable(Vault vault, Sql sql, Instant now) {
  private static final String INSERT =
      """
      insert into instances (id, tenant, shared, url, region, zone, capabilities, max_concurrency,
        credential, device_key, declared, created_by, created_at, labels, weight)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, true, $11, $12, $13, $14)
      """;
  private static final String UPDATE =
      """
      update instances set shared = $2, url = $3, region = $4, zone = $5, capabilities = $6,
        max_concurrency = $7, declared = true, revision = revision + 1,
        credential = coalesce($8, credential), token = case when $8::text is null then token end,
        labels = $9, weight = $10
      where id = $1
      """;
  private static final String DELETE = "delete from instances where id = $1";

  void add(Declared wanted) {
    sql.run(
        INSERT,
        wanted.id().value(),
        wanted.tenant().value(),
        wanted.shared(),
        wanted.url().toString(),
        wanted.region(),
        wanted.zone(),
        wanted.capabilities().toArray(String[]::new),
        wanted.maxConcurrency(),
        sealed(wanted),
        vault.seal(DeviceKeys.generate(), Label.deviceKey(wanted.tenant(), wanted.id())),
        DeclaredInstances.ACTOR,
        now.atOffset(ZoneOffset.UTC),
        wanted.labels().toArray(String[]::new),
        wanted.weight());
  }

  void change(Declared wanted, boolean newToken) {
    sql.run(
        UPDATE,
        wanted.id().value(),
        wanted.shared(),
        wanted.url().toString(),
        wanted.region(),
        wanted.zone(),
        wanted.capabilities().toArray(String[]::new),
        wanted.maxConcurrency(),
        newToken ? sealed(wanted) : null,
        wanted.labels().toArray(String[]::new),
        wanted.weight());
  }

  void remove(InstanceId id) {
    sql.run(DELETE, id.value());
  }

  private String sealed(Declared wanted) {
    return vault.seal(wanted.token(), Label.token(wanted.tenant(), wanted.id()));
  }
}
