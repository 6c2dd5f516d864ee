package dev.flotilla.gateway.dialect.control;

import dev.flotilla.config.FleetConfig.DialectLimits;
import dev.flotilla.contract.CommandKind;
import dev.flotilla.fault.Fault;
import dev.flotilla.fault.FaultException;
import dev.flotilla.fault.Reason;
import dev.flotilla.gateway.feed.Gap;
import dev.flotilla.gateway.session.CloseReason;
import dev.flotilla.gateway.session.Conversation;
import dev.flotilla.gateway.session.Edge;
import dev.flotilla.gateway.session.Line;
import dev.flotilla.gateway.session.Message;
import dev.flotilla.gateway.session.Notice;
import dev.flotilla.gateway.session.Refusal;
import dev.flotilla.gateway.wire.StrictJson;
import dev.flotilla.identity.Ids;
import dev.flotilla.identity.Principal;
import dev.flotilla.wire.RawJson;
import io.vertx.core.AsyncResult;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// One control session: connect, then requests, each with exactly one answer.
final class ControlConversation implements Conversation {
  private final Line line;
  private final DialectLimits limits;
  private ClientFrame.@Nullable Connect connecting;
  private @Nullable ControlMethods methods;

  ControlConversation(Line line, DialectLimits limits) {
    this.line = line;
    this.limits = limits;
  }

  @Override
  public void opened() {
    send(ServerFrame.challenge(Ids.next(edge().clock()), now()));
  }

  @Override
  public void received(Message message) {
    if (message instanceof Message.Text(String text, _)) {
      take(FrameDecoder.decode(text));
    }
  }

  @Override
  public void admitted(Principal principal) {
    methods = new ControlMethods(line);
    ClientFrame.Connect connect = connecting;
    connecting = null;
    if (connect != null) {
      send(
          Greeting.hello(
              edge(), limits, connect.id(), line.id(), principal, line.subscriptions().position()));
    }
  }

  @Override
  public void refused(Fault fault) {
    ClientFrame.Connect connect = connecting;
    if (connect == null) {
      faulty(fault);
    } else {
      connecting = null;
      refuse(connect.id(), fault);
    }
  }

  @Override
  public void faulty(Fault fault) {
    String correlationId = Ids.next(edge().clock());
    line.refuse(
        ServerFrame.error(fault, correlationId, now()).encode(), Refusal.of(fault, correlationId));
  }

  /// Every request is answered, also one above the limit.
  @Override
  public void limited(Message message, Fault fault, boolean noticeDue) {
    if (message instanceof Message.Text(String text, _)
        && FrameDecoder.decode(text) instanceof ClientFrame.Req req) {
      answer(req, fault, Ids.next(edge().clock()));
    } else if (noticeDue) {
      faulty(fault);
    }
  }

  @Override
  public void notice(Notice notice) {
    switch (notice) {
      case Notice.Drain drain -> send(ServerFrame.drain(drain, now()));
      case Notice.TokenEnds(Instant at) -> send(ServerFrame.tokenEnds(at, now()));
      // The closing frame says it all.
      case Notice.Idle(), Notice.TooSlow() -> {}
    }
  }

  @Override
  public void missed(Gap gap) {
    send(ServerFrame.gap(gap, now()));
  }

  @Override
  public void tick() {
    send(ServerFrame.tick(line.subscriptions().position(), now()));
  }

  private void take(ClientFrame frame) {
    ControlMethods connected = methods;
    if (connected == null) {
      greeted(frame);
      return;
    }
    switch (frame) {
      case ClientFrame.Req req -> serve(connected, req);
      case ClientFrame.Connect connect ->
          refuse(connect.id(), Fault.of(Reason.WRONG_STATE, "This session is connected already."));
      case ClientFrame.Malformed(_, var fault) -> {
        line.malformed();
        faulty(fault);
      }
    }
  }

  private void greeted(ClientFrame first) {
    switch (first) {
      case ClientFrame.Connect connect -> connect(connect);
      case ClientFrame.Malformed(var type, var fault) when "connect".equals(type) -> {
        faulty(fault);
        line.close(CloseReason.BAD_CONNECT, fault.message());
      }
      case ClientFrame.Malformed _, ClientFrame.Req _ -> {
        faulty(Fault.of(Reason.CONNECT_EXPECTED, "The first frame must be connect."));
        line.close(CloseReason.POLICY, "connect expected");
      }
    }
  }

  private void connect(ClientFrame.Connect connect) {
    Fault version = Greeting.versionFault(connect);
    if (version == null) {
      connecting = connect;
      line.admit(connect.token(), connect.client());
    } else {
      refuse(connect.id(), version);
      line.close(CloseReason.BAD_CONNECT, version.message());
    }
  }

  private void serve(ControlMethods connected, ClientFrame.Req req) {
    String correlationId = Ids.next(edge().clock());
    try {
      SessionMethod own = SessionMethod.of(req.method()).orElse(null);
      if (own == null) {
        ask(req, correlationId);
      } else {
        connected.run(
            SessionParams.decode(own, req.params()),
            correlationId,
            outcome -> answer(req, outcome, correlationId));
        line.subscriptions().proceed();
      }
    } catch (FaultException refusal) {
      answer(req, refusal.fault(), correlationId);
    }
  }

  private void ask(ClientFrame.Req req, String correlationId) {
    CommandKind kind =
        CommandKind.of(req.method())
            .orElseThrow(
                () ->
                    Fault.of(Reason.UNKNOWN_METHOD, "There is no method of that name.")
                        .asException());
    line.calls()
        .run(
            kind,
            StrictJson.raw(req.params()),
            req.idempotencyKey(),
            correlationId,
            req.trace(),
            outcome -> answer(req, outcome, correlationId));
  }

  private void answer(ClientFrame.Req req, AsyncResult<RawJson> outcome, String correlationId) {
    if (outcome.succeeded()) {
      send(ServerFrame.ok(req.id(), outcome.result()));
    } else {
      answer(req, line.fault(outcome.cause()), correlationId);
    }
  }

  private void answer(ClientFrame.Req req, Fault fault, String correlationId) {
    line.refuse(
        ServerFrame.refused(req.id(), fault, correlationId, now()).encode(),
        Refusal.of(fault, correlationId).about(req.method(), SessionParams.topics(req.params())));
  }

  private void refuse(String connectId, Fault fault) {
    String correlationId = Ids.next(edge().clock());
    line.refuse(
        ServerFrame.refused(connectId, fault, correlationId, now()).encode(),
        Refusal.of(fault, correlationId).about("connect", null));
  }

  private void send(ServerFrame frame) {
    line.send(frame.encode());
  }

  private Edge edge() {
    return line.edge();
  }

  private Instant now() {
    return edge().now();
  }
}
