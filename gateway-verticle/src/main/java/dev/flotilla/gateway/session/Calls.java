package dev.flotilla.gateway.session;

import dev.flotilla.contract.CommandKind;
import dev.flotilla.dispatch.CommandRequest;
import dev.flotilla.fault.Fault;
import dev.flotilla.fault.FaultException;
import dev.flotilla.fault.Reason;
import dev.flotilla.gateway.dialect.control.ClientFrame;
import dev.flotilla.gateway.dialect.control.ServerFrame;
import dev.flotilla.gateway.dialect.control.SessionMethod;
import dev.flotilla.gateway.dialect.control.SessionParams;
import dev.flotilla.gateway.hub.Stream;
import dev.flotilla.gateway.wire.StrictJson;
import dev.flotilla.identity.Ids;
import dev.flotilla.identity.Principal;
import dev.flotilla.wire.RawJson;
import io.netty.buffer.ByteBufUtil;
import io.vertx.core.AsyncResult;

/// The requests of one connected session: its own methods are answered here, commands are asked of
/// a command node. Every request gets exactly one answer.
final class Calls {
  /// The open requests of a session weigh so many of its largest frames, at most.
  private static final int OPEN_FRAMES = 2;

  private final Edge edge;
  private final Sender sender;
  private final SessionLog log;
  private final Principal principal;
  private final Stream stream;
  private final StreamMethods methods;
  private final Requests requests;
  private boolean draining;

  Calls(Edge edge, Sender sender, SessionLog log, Principal principal, Stream stream) {
    this.edge = edge;
    this.sender = sender;
    this.log = log;
    this.principal = principal;
    this.stream = stream;
    this.requests = new Requests((long) OPEN_FRAMES * edge.dialects().control().softFrameBytes());
    this.methods = new StreamMethods(principal, stream, edge.dialects().control().maxSubscriptions());
  }

  void serve(ClientFrame.Req req) {
    String correlationId = Ids.next(edge.clock());
    try {
      SessionMethod own = SessionMethod.of(req.method()).orElse(null);
      if (own != null) {
        serve(own, req);
      } else {
        ask(req, correlationId);
      }
    } catch (FaultException refusal) {
      sender.answer(req.id(), refusal.fault(), correlationId);
    }
  }

  /// New commands are refused from now on; the action runs when the open ones are answered.
  void drain(Runnable whenIdle) {
    draining = true;
    requests.whenIdle(whenIdle);
  }

  private void serve(SessionMethod own, ClientFrame.Req req) {
    Object payload = methods.run(SessionParams.decode(own, req.params()), edge.now());
    sender.send(ServerFrame.ok(req.id(), RawJson.of(payload)));
    stream.proceed();
  }

  private void ask(ClientFrame.Req req, String correlationId) {
    CommandKind kind =
        CommandKind.of(req.method())
            .orElseThrow(
                () ->
                    Fault.of(Reason.UNKNOWN_METHOD, "There is no method of that name.")
                        .asException());
    // The command node decides; but what it would refuse need not be carried to it.
    principal.require(kind.scope());
    if (draining) {
      throw Fault.of(Reason.DRAINING, "This node is about to stop.").asException();
    }
    RawJson params = StrictJson.raw(req.params());
    CommandRequest request =
        new CommandRequest(kind, params, principal, req.idempotencyKey(), correlationId);
    requests.submit(
        kind.changesState(),
        ByteBufUtil.utf8Bytes(params.text()),
        () -> edge.commands().run(request, "ws"),
        outcome -> answer(req.id(), outcome, correlationId));
  }

  private void answer(String requestId, AsyncResult<RawJson> outcome, String correlationId) {
    if (outcome.succeeded()) {
      sender.send(ServerFrame.ok(requestId, outcome.result()));
    } else {
      sender.answer(requestId, log.fault(outcome.cause(), edge.clock()), correlationId);
    }
  }
}
