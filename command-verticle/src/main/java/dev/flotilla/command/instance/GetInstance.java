package dev.flotilla.command.instance;

import dev.flotilla.command.pipeline.CommandContext;
import dev.flotilla.contract.Command;
import dev.flotilla.contract.Result.InstanceView;
import dev.flotilla.fault.Fault;
import dev.flotilla.identity.InstanceId;
import java.util.List;

/// Reads one instance that serves the tenant.
public record GetInstance(InstanceStore store, InstanceViews views) {

  public InstanceView handle(Command.InstanceGet command, CommandContext context) {
    InstanceRow row =
        store
            .find(context.sql(), context.tenant(), command.id())
            .orElseThrow(() -> notFound(command.id()));
    return views.merge(List.of(row), context.tenant()).getFirst();
  }

  static RuntimeException notFound(InstanceId id) {
    return Fault.notFound("instance", id.value()).asException();
  }
}
