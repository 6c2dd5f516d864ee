package dev.flotilla.command.account;

import dev.flotilla.command.audit.AuditStore;
import dev.flotilla.command.pipeline.CommandContext;
import dev.flotilla.command.task.Cursor;
import dev.flotilla.contract.AccessCommand;
import dev.flotilla.contract.AccessResult;
import java.util.List;
import java.util.Objects;

/// Reads who changed what in the caller's tenant.
public record ReadAudit(AuditStore audit) {
  private static final int PAGE = 50;

  AccessResult.AuditPage list(AccessCommand.AuditList asked, CommandContext context) {
    int limit = Objects.requireNonNullElse(asked.limit(), PAGE);
    long before = Cursor.parse("cursor", asked.cursor()).position();
    List<AuditStore.Placed> found =
        audit.list(context.sql(), context.tenant(), asked, before, limit);
    String next = found.size() < limit ? null : new Cursor(found.getLast().position()).text();
    return new AccessResult.AuditPage(found.stream().map(AuditStore.Placed::entry).toList(), next);
  }
}
