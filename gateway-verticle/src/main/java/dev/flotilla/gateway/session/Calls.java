package dev.flotilla.gateway.session;

import dev.flotilla.contract.CommandKind;
import dev.flotilla.dispatch.CommandRequest;
import dev.flotilla.fault.Fault;
import dev.flotilla.fault.Reason;
import dev.flotilla.identity.Principal;
import dev.flotilla.wire.RawJson;
import io.netty.buffer.ByteBufUtil;
import io.vertx.core.AsyncResult;
import io.vertx.core.Handler;
import org.jspecify.annotations.Nullable;

/// The commands that one admitted session asks of the fleet. Every request gets exactly one answer.
public final class Calls {
  /// The open requests of a session weigh so many of its largest messages, at most.
  private static final int OPEN_MESSAGES = 2;

  private final Edge edge;
  private final String via;
  private final Requests requests;
  private Principal principal;
  private boolean draining;

  /// @param via the dialect, for the meter
  /// @param largestMessage in bytes
  Calls(Edge edge, String via, Principal principal, int largestMessage) {
    this.edge = edge;
    this.via = via;
    this.principal = principal;
    this.requests = new Requests((long) OPEN_MESSAGES * largestMessage);
  }

  /// How many requests a session may have open.
  public static int maxOpen() {
    return Requests.MAX;
  }

  /// Those that change state run in the order in which they came; reads overlap. Throws where the
  /// request need not even be carried to a command node.
  ///
  /// @param idempotencyKey null where the client gave none
  public void run(
      CommandKind kind,
      RawJson params,
      @Nullable String idempotencyKey,
      String correlationId,
      Handler<AsyncResult<RawJson>> answer) {
    run(kind, params, idempotencyKey, correlationId, null, answer);
  }

  /// @param trace the `traceparent` that the client sent
  public void run(
      CommandKind kind,
      RawJson params,
      @Nullable String idempotencyKey,
      String correlationId,
      @Nullable String trace,
      Handler<AsyncResult<RawJson>> answer) {
    // The command node decides, and writes down who tried to change what they may not; but a read
    // that it would refuse need not be carried to it.
    if (!kind.changesState()) {
      principal.require(kind.scope());
    }
    if (draining) {
      throw Fault.of(Reason.DRAINING, "This session is about to go on at another node.")
          .asException();
    }
    CommandRequest request =
        new CommandRequest(kind, params, principal, idempotencyKey, correlationId, trace);
    requests.submit(
        kind.changesState(),
        ByteBufUtil.utf8Bytes(params.text()),
        () -> edge.commands().run(request, via),
        answer);
  }

  void reauthorise(Principal renewed) {
    principal = renewed;
  }

  /// New commands are refused from now on; the action runs when the open ones are answered.
  void drain(Runnable whenIdle) {
    draining = true;
    requests.whenIdle(whenIdle);
  }
}
