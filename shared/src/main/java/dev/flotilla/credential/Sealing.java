package dev.flotilla.credential;

import dev.flotilla.config.Secret;
import dev.flotilla.fault.FaultException;
import dev.flotilla.identity.InstanceId;
import dev.flotilla.identity.TenantId;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Brings the stored credentials of all instances and webhooks into the form that they should have:
/// sealed, by the current key if that is wanted, each with a device key. Several nodes may do it at
/// once.
public final class Sealing {
  private static final String READ =
      "select id, tenant, token, credential, device_key from instances order by id";
  // Who was faster has done the same, or has changed the credential.
  private static final String WRITE =
      """
      update instances set credential = $2, token = null, device_key = $3
      where id = $1 and token is not distinct from $4 and credential is not distinct from $5
        and device_key is not distinct from $6
      """;

  private static final String READ_HOOKS =
      "select id, tenant, secret, sealed_secret from webhooks order by id";
  private static final String WRITE_HOOK =
      """
      update webhooks set sealed_secret = $2, secret = null
      where id = $1 and secret is not distinct from $3 and sealed_secret is not distinct from $4
      """;

  private final Pool pool;
  private final Vault vault;

  public Sealing(Pool pool, Vault vault) {
    this.pool = pool;
    this.vault = vault;
  }

  /// @param holders all instances and webhooks
  /// @param changed how many were written anew
  /// @param unreadable what is wrong with those that no configured key opens
  public record Report(int holders, int changed, List<String> unreadable) {
    Report with(Report more) {
      List<String> problems = new ArrayList<>(unreadable);
      problems.addAll(more.unreadable);
      return new Report(holders + more.holders, changed + more.changed, List.copyOf(problems));
    }
  }

  private record Held(
      String id,
      @Nullable String token,
      @Nullable String credential,
      @Nullable String deviceKey,
      TenantId tenant) {
    static Held of(Row row) {
      return new Held(
          row.getString("id"),
          row.getString("token"),
          row.getString("credential"),
          row.getString("device_key"),
          new TenantId(row.getString("tenant")));
    }

    Label tokenLabel() {
      return Label.token(tenant, new InstanceId(id));
    }

    Label deviceLabel() {
      return Label.deviceKey(tenant, new InstanceId(id));
    }
  }

  /// What [#complete] would do, without doing it.
  public Future<Report> look() {
    return run(
        held -> Future.succeededFuture(isComplete(held) ? 0 : 1),
        row -> Future.succeededFuture(isComplete(row) ? 0 : 1));
  }

  private boolean isComplete(Held held) {
    String credential = sealed(held.credential(), held.token(), held.tokenLabel(), false);
    String deviceKey = held.deviceKey();
    return credential.equals(held.credential())
        && deviceKey != null
        && deviceKey.equals(sealed(deviceKey, null, held.deviceLabel(), false));
  }

  /// What stands in the table unsealed, or has no device key, gets it.
  public Future<Report> complete() {
    return run(held -> write(held, false), row -> writeHook(row, false));
  }

  /// And what is sealed with a retired key is sealed with the current one.
  public Future<Report> renew() {
    return run(held -> write(held, true), row -> writeHook(row, true));
  }

  private Future<Report> run(
      Function<Held, Future<Integer>> instances, Function<Row, Future<Integer>> hooks) {
    return seal(READ, row -> instances.apply(Held.of(row)))
        .compose(done -> seal(READ_HOOKS, hooks).map(more -> done.with(more)));
  }

  private Future<Report> seal(String read, Function<Row, Future<Integer>> work) {
    return pool.query(read)
        .execute()
        .compose(
            rows -> {
              List<String> unreadable = new ArrayList<>();
              List<Future<Integer>> writes = new ArrayList<>();
              for (Row row : rows) {
                try {
                  writes.add(work.apply(row));
                } catch (FaultException refused) {
                  unreadable.add(refused.fault().message());
                }
              }
              return Future.all(writes)
                  .map(
                      done ->
                          new Report(
                              rows.size(),
                              done.<Integer>list().stream().mapToInt(Integer::intValue).sum(),
                              List.copyOf(unreadable)));
            });
  }

  private boolean isComplete(Row hook) {
    String sealed = hook.getString("sealed_secret");
    return sealed != null && sealed.equals(sealed(sealed, null, label(hook), false));
  }

  private static Label label(Row hook) {
    return Label.webhookSecret(new TenantId(hook.getString("tenant")), hook.getString("id"));
  }

  private Future<Integer> writeHook(Row row, boolean renew) {
    String before = row.getString("sealed_secret");
    String plain = row.getString("secret");
    String id = row.getString("id");
    Label label = label(row);
    String sealed = sealed(before, plain, label, renew);
    return sealed.equals(before)
        ? Future.succeededFuture(0)
        : pool.preparedQuery(WRITE_HOOK)
            .execute(Tuple.of(id, sealed, plain, before))
            .map(written -> written.rowCount());
  }

  private Future<Integer> write(Held held, boolean renew) {
    String credential = sealed(held.credential(), held.token(), held.tokenLabel(), renew);
    String deviceKey =
        held.deviceKey() == null
            ? vault.seal(DeviceKeys.generate(), held.deviceLabel())
            : sealed(held.deviceKey(), null, held.deviceLabel(), renew);
    if (credential.equals(held.credential()) && deviceKey.equals(held.deviceKey())) {
      return Future.succeededFuture(0);
    }
    return pool.preparedQuery(WRITE)
        .execute(
            Tuple.of(
                held.id(),
                credential,
                deviceKey,
                held.token(),
                held.credential(),
                held.deviceKey()))
        .map(written -> written.rowCount());
  }

  /// Opening also proves that it can be opened.
  private String sealed(
      @Nullable String sealed, @Nullable String plain, Label label, boolean renew) {
    if (sealed == null) {
      return vault.seal(new Secret(plain == null ? "" : plain), label);
    }
    Secret open = vault.open(sealed, label);
    return renew && !vault.isCurrent(sealed) ? vault.seal(open, label) : sealed;
  }
}
