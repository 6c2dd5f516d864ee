package dev.flotilla.command.task.rule;

import dev.flotilla.command.store.Sql;
import dev.flotilla.contract.Priority;
import dev.flotilla.contract.QueueResult.PauseView;
import dev.flotilla.identity.TenantId;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The table `queue_pauses`.
public final class PauseStore {
  /// Every tenant, or every level.
  static final String ANY = "*";

  private static final String PAUSE =
      """
      insert into queue_pauses (tenant, level, reason, paused_by, paused_at)
      values ($1, $2, $3, $4, $5)
      on conflict (tenant, level) do update set reason = excluded.reason,
        paused_by = excluded.paused_by, paused_at = excluded.paused_at
      """;
  private static final String RESUME = "delete from queue_pauses where tenant = $1 and level = $2";
  private static final String OF =
      "select * from queue_pauses where tenant = $1 or tenant = '*' order by tenant, level";

  /// What is paused.
  ///
  /// @param tenant `*` for every one
  record Scope(String tenant, String level) {
    static Scope of(String tenant, @Nullable Priority priority) {
      return new Scope(tenant, priority == null ? ANY : priority.wireName());
    }
  }

  void pause(Sql sql, Scope scope, @Nullable String reason, String user, Instant now) {
    sql.run(PAUSE, scope.tenant(), scope.level(), reason, user, now.atOffset(ZoneOffset.UTC));
  }

  /// @return false where there was no such pause
  boolean resume(Sql sql, Scope scope) {
    return sql.run(RESUME, scope.tenant(), scope.level()).rowCount() == 1;
  }

  /// Those that concern the tenant.
  List<PauseView> of(Sql sql, String tenant) {
    List<PauseView> pauses = new ArrayList<>();
    sql.run(OF, tenant).forEach(row -> pauses.add(view(row)));
    return pauses;
  }

  private static PauseView view(Row row) {
    String tenant = row.getString("tenant");
    String level = row.getString("level");
    boolean all = tenant.equals(ANY);
    return new PauseView(
        level.equals(ANY) ? null : Priority.named(level),
        all,
        all ? null : new TenantId(tenant),
        row.getString("reason"),
        row.getString("paused_by"),
        row.getOffsetDateTime("paused_at").toInstant());
  }
}
