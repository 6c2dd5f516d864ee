package dev.flotilla.command.peer;

import dev.flotilla.bus.Addresses;
import dev.flotilla.bus.Bus;
import dev.flotilla.command.instance.InstanceRow;
import dev.flotilla.command.instance.InstanceStore;
import dev.flotilla.command.instance.InstanceViews;
import dev.flotilla.command.pipeline.CommandContext;
import dev.flotilla.contract.CommandKind;
import dev.flotilla.contract.PeerCommand;
import dev.flotilla.contract.PeerResult;
import dev.flotilla.contract.PeerResult.PeerFailure;
import dev.flotilla.dispatch.InstanceReport;
import dev.flotilla.dispatch.PeerAsk;
import dev.flotilla.fault.Fault;
import dev.flotilla.fault.FaultException;
import dev.flotilla.fault.Reason;
import dev.flotilla.identity.InstanceId;
import dev.flotilla.identity.Scope;
import dev.flotilla.wire.RawJson;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Carries questions to the owners of links, and their answers back.
///
/// @param limit how long an answer may take
public record Peers(InstanceStore store, InstanceViews views, Bus bus, Duration limit) {
  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  /// What those that were asked have said.
  public record Answers<R extends PeerResult>(List<R> all, List<PeerFailure> failures) {}

  /// Asks one instance; what it refuses is the answer.
  public <R extends PeerResult> R one(
      PeerCommand command, InstanceId id, Class<R> result, CommandContext context) {
    InstanceRow row =
        store
            .find(context.sql(), context.tenant(), id)
            .orElseThrow(() -> Fault.notFound("instance", id.value()).asException());
    if (row.shared() && command.concernsTenants()) {
      context.principal().require(Scope.FLEET_ADMIN);
    }
    return send(command, id, views.reports().get(id)).map(json -> json.as(result)).await();
  }

  /// Asks the one that is named, or all at once. Of all, those that do not answer are named.
  public <R extends PeerResult> Answers<R> all(
      PeerCommand command, Class<R> result, CommandContext context) {
    InstanceId only = command.instance();
    if (only != null) {
      return new Answers<>(List.of(one(command, only, result, context)), List.of());
    }
    boolean platform = context.principal().scopes().contains(Scope.FLEET_ADMIN);
    Map<InstanceId, InstanceReport> reports = views.reports();
    Map<InstanceId, Future<RawJson>> sent = new LinkedHashMap<>();
    for (InstanceRow row : store.list(context.sql(), context.tenant())) {
      sent.put(
          row.id(),
          row.shared() && command.concernsTenants() && !platform
              ? Future.failedFuture(foreign(row.id()).asException())
              : send(command, row.id(), reports.get(row.id())));
    }
    return gather(sent, result);
  }

  private static Fault foreign(InstanceId id) {
    return Fault.of(
        Reason.MISSING_SCOPE,
        "Instance '%s' is shared by tenants: this takes the scope fleet.admin."
            .formatted(id.value()));
  }

  private static <R extends PeerResult> Answers<R> gather(
      Map<InstanceId, Future<RawJson>> sent, Class<R> result) {
    List<R> all = new ArrayList<>();
    List<PeerFailure> failures = new ArrayList<>();
    sent.forEach(
        (id, answer) -> {
          try {
            all.add(answer.await().as(result));
          } catch (FaultException refused) {
            Fault fault = refused.fault();
            failures.add(new PeerFailure(id, fault.reason().name(), fault.message()));
          }
        });
    return new Answers<>(all, failures);
  }

  private Future<RawJson> send(
      PeerCommand command, InstanceId id, @Nullable InstanceReport report) {
    if (report == null) {
      return Future.failedFuture(
          Fault.unavailable("The link to instance '" + id.value() + "'", RETRY_AFTER)
              .asException());
    }
    PeerAsk ask = new PeerAsk(id, CommandKind.of(command), RawJson.of(command));
    return bus.ask(Addresses.peer(report.owner()), ask, limit);
  }
}
