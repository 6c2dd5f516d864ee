package dev.flotilla.command.instance;

import dev.flotilla.command.pipeline.CommandContext;
import dev.flotilla.contract.Result.InstancePage;

/// The instances that serve the tenant: its own and the shared ones.
public record ListInstances(InstanceStore store, InstanceViews views) {

  public InstancePage handle(CommandContext context) {
    return new InstancePage(
        views.merge(store.list(context.sql(), context.tenant()), context.tenant()));
  }
}
