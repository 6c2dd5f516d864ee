package dev.flotilla.command.tenant;

import dev.flotilla.command.account.Revoker;
import dev.flotilla.command.pipeline.CommandContext;
import dev.flotilla.command.task.TaskDesk;
import dev.flotilla.contract.TenantCommand;
import dev.flotilla.contract.TenantResult.TenantPage;
import dev.flotilla.contract.TenantResult.TenantView;
import dev.flotilla.contract.TenantState;
import dev.flotilla.fault.Fault;
import dev.flotilla.fault.Reason;
import dev.flotilla.identity.TenantId;
import java.util.Objects;
import java.util.Optional;

/// Tenants for who acts for the fleet. Nobody suspends the tenant that they act in themselves: it
/// would be the last thing that they do.
public record TenantDesk(TenantStore tenants, Revoker revoker, TaskDesk queue) {
  private static final int PAGE = 50;

  TenantView create(TenantCommand.TenantCreate asked, CommandContext context) {
    String by = context.principal().user().value();
    if (!tenants.insert(context.sql(), asked.id(), asked.name(), by, context.now())) {
      throw Fault.of(Reason.ALREADY_EXISTS, "There is a tenant '" + asked.id() + "' already.")
          .asException();
    }
    revoker.tenantAnew(context.sql(), context.effects(), asked.id(), context.now());
    TenantView made = view(asked.id(), context);
    context.made(made);
    return made;
  }

  TenantPage list(TenantCommand.TenantList asked, CommandContext context) {
    String after = asked.after() == null ? "" : asked.after().value();
    int limit = Objects.requireNonNullElse(asked.limit(), PAGE);
    return new TenantPage(
        tenants.list(context.sql(), after, limit).stream().map(TenantRow::view).toList());
  }

  TenantView get(TenantCommand.TenantGet asked, CommandContext context) {
    return view(asked.id(), context);
  }

  TenantView update(TenantCommand.TenantUpdate asked, CommandContext context) {
    TenantRow old = lock(asked.id(), context);
    if (asked.revision() != null && asked.revision() != old.revision()) {
      throw Fault.of(
              Reason.STALE_REVISION,
              "The tenant has revision " + old.revision() + ", not " + asked.revision() + ".")
          .asException();
    }
    tenants.update(context.sql(), asked);
    return changed(old, context);
  }

  TenantView suspend(TenantCommand.TenantSuspend asked, CommandContext context) {
    requireOther(asked.id(), context);
    TenantRow old = lock(asked.id(), context);
    if (old.state() == TenantState.ACTIVE) {
      String by = context.principal().user().value();
      tenants.suspend(context.sql(), asked.id(), asked.reason(), by, context.now());
      revoker.suspend(context.sql(), context.effects(), asked.id());
      context.effects().afterCommit(queue::rulesChanged);
    }
    return changed(old, context);
  }

  TenantView resume(TenantCommand.TenantResume asked, CommandContext context) {
    TenantRow old = lock(asked.id(), context);
    if (old.state() == TenantState.SUSPENDED) {
      tenants.resume(context.sql(), asked.id());
      revoker.resume(context.sql(), context.effects(), asked.id(), context.now());
      context.effects().afterCommit(queue::rulesChanged);
    } else if (old.state() == TenantState.DELETING) {
      throw Fault.of(Reason.WRONG_STATE, "The tenant is being deleted.").asException();
    }
    return changed(old, context);
  }

  /// Its rows go in the background: see [Reaper].
  TenantView delete(TenantCommand.TenantDelete asked, CommandContext context) {
    if (!asked.confirm().equals(asked.id())) {
      throw Fault.invalid("confirm", "confirm is the id of the tenant once more.").asException();
    }
    requireOther(asked.id(), context);
    TenantRow old = lock(asked.id(), context);
    switch (old.state()) {
      case ACTIVE -> throw Fault.of(Reason.WRONG_STATE, "Suspend the tenant first.").asException();
      case SUSPENDED -> tenants.deleteLater(context.sql(), asked.id(), context.now());
      case DELETING -> {}
    }
    return changed(old, context);
  }

  /// How it is now, which the audit log compares with how it was.
  private TenantView changed(TenantRow old, CommandContext context) {
    TenantView now = view(old.id(), context);
    context.changed(old.view(), now);
    return now;
  }

  private TenantView view(TenantId id, CommandContext context) {
    return found(tenants.find(context.sql(), id), id).view();
  }

  private TenantRow lock(TenantId id, CommandContext context) {
    tenants.adopt(context.sql(), context.now());
    return found(tenants.lock(context.sql(), id), id);
  }

  private static TenantRow found(Optional<TenantRow> row, TenantId id) {
    return row.orElseThrow(() -> Fault.notFound("tenant", id.value()).asException());
  }

  private static void requireOther(TenantId id, CommandContext context) {
    if (id.equals(context.tenant())) {
      throw Fault.invalid("id", "This is the tenant that you act in yourself.").asException();
    }
  }
}
