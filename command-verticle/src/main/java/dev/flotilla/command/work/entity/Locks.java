package dev.flotilla.command.work.entity;

import dev.flotilla.command.store.Sql;
import dev.flotilla.identity.ProjectId;
import dev.flotilla.identity.TenantId;

/// What only one transaction may do at a time, in the whole fleet, because it depends on rows that
/// another could add meanwhile. Held until the transaction ends.
public final class Locks {
  private static final String LOCK = "select 1 from pg_advisory_xact_lock(hashtextextended($1, 0))";

  private Locks() {}

  /// The order of items and who is a part of whom, in one project.
  public static void order(Sql sql, TenantId tenant, ProjectId project) {
    sql.run(LOCK, "order " + tenant.value() + " " + project.value());
  }

  /// Who waits for whom; items of several projects may.
  public static void dependencies(Sql sql, TenantId tenant) {
    sql.run(LOCK, "dependencies " + tenant.value());
  }
}
