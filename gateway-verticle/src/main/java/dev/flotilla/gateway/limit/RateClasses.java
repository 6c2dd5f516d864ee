package dev.flotilla.gateway.limit;

import dev.flotilla.contract.RateClass;
import dev.flotilla.identity.TenantId;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Which tenants may say more or less than others, as this node knows it: read every few seconds. A
/// session has the class that its tenant had when it came in.
public final class RateClasses {
  private static final Logger LOG = LoggerFactory.getLogger(RateClasses.class);
  private static final long READ_MS = 3_000;
  private static final long ANSWER_MS = 2_000;
  private static final String READ =
      "select id, rate_class from tenants where rate_class <> 'standard'";

  private final Vertx vertx;
  private final Pool postgres;
  private final long timer;
  private volatile Map<TenantId, RateClass> special = Map.of();

  public RateClasses(Vertx vertx, Pool postgres) {
    this.vertx = vertx;
    this.postgres = postgres;
    this.timer = vertx.setPeriodic(0, READ_MS, _ -> read());
  }

  public RateClass of(TenantId tenant) {
    return special.getOrDefault(tenant, RateClass.STANDARD);
  }

  public void stop() {
    vertx.cancelTimer(timer);
  }

  private void read() {
    postgres
        .query(READ)
        .execute()
        .timeout(ANSWER_MS, TimeUnit.MILLISECONDS)
        .onComplete(
            this::learn, failure -> LOG.debug("the classes of tenants cannot be read", failure));
  }

  private void learn(RowSet<Row> rows) {
    Map<TenantId, RateClass> read = new HashMap<>();
    rows.forEach(
        row ->
            read.put(
                new TenantId(row.getString("id")), RateClass.named(row.getString("rate_class"))));
    special = Map.copyOf(read);
  }
}
