package dev.flotilla.command.ops;

import dev.flotilla.bus.Addresses;
import dev.flotilla.bus.Bus;
import dev.flotilla.command.pipeline.CommandContext;
import dev.flotilla.command.task.dispatch.SessionHomes;
import dev.flotilla.contract.OpsCommand;
import dev.flotilla.contract.OpsResult.RouteCandidate;
import dev.flotilla.contract.OpsResult.RouteExplanation;
import dev.flotilla.dispatch.RouteAsk;
import dev.flotilla.dispatch.RouteReasons;
import dev.flotilla.identity.InstanceId;
import dev.flotilla.identity.TenantId;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/// Has a registry node say where a task would run, and why: by the decision that real tasks get.
public record ExplainRoute(Bus bus, SessionHomes homes) {
  private static final Duration LIMIT = Duration.ofSeconds(2);

  public RouteExplanation handle(OpsCommand.RouteExplain command, CommandContext context) {
    TenantId tenant = Whose.tenant(command.tenant(), context);
    String session = command.session();
    InstanceId home = session == null ? null : homes.find(context.sql(), tenant, session);
    List<String> needs = Objects.requireNonNullElse(command.capability(), List.of());
    RouteAsk ask = new RouteAsk(tenant, session, needs, null, home, 0);
    RouteReasons reasons = bus.ask(Addresses.EXPLAIN, ask, LIMIT).await();
    return new RouteExplanation(
        tenant,
        session,
        home,
        reasons.reason(),
        reasons.instances().stream().map(ExplainRoute::shown).toList());
  }

  private static RouteCandidate shown(RouteReasons.Reason reason) {
    return new RouteCandidate(
        reason.instance(),
        reason.rank(),
        reason.group(),
        reason.state(),
        reason.slots(),
        reason.running(),
        reason.words());
  }
}
