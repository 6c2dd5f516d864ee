package dev.flotilla.gateway.dialect.dashboard;

import dev.flotilla.config.FleetConfig.DialectLimits;
import dev.flotilla.fault.Fault;
import dev.flotilla.fault.FaultException;
import dev.flotilla.gateway.dialect.dashboard.ClientMessage.Envelope;
import dev.flotilla.gateway.feed.Gap;
import dev.flotilla.gateway.session.Conversation;
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
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// One dashboard. Whatever it sends that makes no sense gets an `error`, and the socket stays open.
final class DashboardConversation implements Conversation {
  private final Line line;
  private final DialectLimits limits;
  private @Nullable Desk desk;

  DashboardConversation(Line line, DialectLimits limits) {
    this.line = line;
    this.limits = limits;
  }

  /// Nobody knows yet who it is, and who is refused learns it from the closing frame.
  @Override
  public void opened() {}

  @Override
  public void admitted(Principal principal) {
    Desk opened = new Desk(line, limits.maxSubscriptions());
    desk = opened;
    Choice choice = opened.takeDefaults();
    send(opened.connectionEstablished(now(), newId()));
    send(opened.dashboardInitialized(limits, now(), newId()));
    refuse(choice, "subscribe", newId());
  }

  @Override
  public void refused(Fault fault) {
    if (desk != null) {
      send(Goodbye.auth(fault.message(), null, now(), newId()));
    }
  }

  @Override
  public void received(Message message) {
    Desk mine = desk;
    if (mine == null || !(message instanceof Message.Text(String text, _))) {
      return;
    }
    Envelope envelope = Envelope.of(text);
    String correlationId = Objects.requireNonNullElseGet(envelope.correlationId(), this::newId);
    try {
      serve(mine, ClientMessage.of(envelope), envelope.type(), correlationId);
    } catch (FaultException refusal) {
      refuse(refusal.fault(), envelope, correlationId);
    }
  }

  @Override
  public void faulty(Fault fault) {
    String correlationId = newId();
    line.refuse(
        Errors.error(fault, null, now(), correlationId).encode(), Refusal.of(fault, correlationId));
  }

  @Override
  public void notice(Notice notice) {
    send(Goodbye.of(notice, now(), newId()));
  }

  @Override
  public void missed(Gap gap) {
    send(
        new ServerMessage.GapMessage(
            "gap", gap.from(), gap.to(), gap.reason(), gap.position(), now().toString(), newId()));
  }

  private void serve(Desk mine, ClientMessage message, String type, String correlationId) {
    switch (message) {
      case ClientMessage.Ping() ->
          send(new ServerMessage.Pong("pong", now().toString(), correlationId));
      case ClientMessage.Subscribe(var names, var since) -> {
        Choice choice = mine.subscribe(names, since);
        refuse(choice, type, correlationId);
        send(mine.subscriptionUpdated(now(), correlationId));
        line.subscriptions().proceed();
      }
      case ClientMessage.Unsubscribe(var names) -> {
        refuse(mine.unsubscribe(names), type, correlationId);
        send(mine.subscriptionUpdated(now(), correlationId));
      }
      case ClientMessage.DataRequest request -> ask(request, correlationId);
      case ClientMessage.AuthRefresh(String token) -> refresh(mine, token, type, correlationId);
    }
  }

  private void ask(ClientMessage.DataRequest request, String correlationId) {
    DataFamily family =
        DataFamily.named(request.dataType())
            .orElseThrow(
                () ->
                    Fault.invalid(
                            "data_type",
                            "There is no data of the type '" + Shown.of(request.dataType()) + "'.")
                        .asException());
    line.calls()
        .run(
            family.command(),
            StrictJson.raw(request.params()),
            null,
            correlationId,
            outcome -> answer(family, outcome, correlationId));
  }

  private void answer(DataFamily family, AsyncResult<RawJson> outcome, String correlationId) {
    if (outcome.succeeded()) {
      send(
          new ServerMessage.DataResponse(
              "data_response",
              family.wireName(),
              outcome.result(),
              now().toString(),
              correlationId));
    } else {
      refuseData(family.wireName(), line.fault(outcome.cause()), correlationId);
    }
  }

  private void refresh(Desk mine, String token, String type, String correlationId) {
    List<String> before = mine.held();
    line.refresh(token)
        .onComplete(
            renewed -> send(mine.authRefreshed(renewed.expiresAt(), before, now(), correlationId)),
            failure -> refuse(line.fault(failure), null, type, correlationId));
  }

  private void refuse(Fault fault, Envelope envelope, String correlationId) {
    if (envelope.type().equals("request_data")) {
      refuseData(Shown.of(envelope.content().path("data_type").asText()), fault, correlationId);
    } else {
      refuse(fault, null, Shown.of(envelope.type()), correlationId);
    }
  }

  private void refuseData(String dataType, Fault fault, String correlationId) {
    line.refuse(
        Errors.dataError(dataType, fault, now(), correlationId).encode(),
        new Refusal(fault, correlationId, "request_data", dataType));
  }

  private void refuse(Choice choice, String type, String correlationId) {
    choice
        .refused()
        .forEach(refused -> refuse(refused.fault(), refused.names(), type, correlationId));
  }

  private void refuse(
      Fault fault, @Nullable List<String> subscriptions, String type, String correlationId) {
    line.refuse(
        Errors.error(fault, subscriptions, now(), correlationId).encode(),
        new Refusal(
            fault,
            correlationId,
            type,
            subscriptions == null ? null : String.join(",", subscriptions)));
  }

  private void send(ServerMessage message) {
    line.send(message.encode());
  }

  private String newId() {
    return Ids.next(line.edge().clock());
  }

  private Instant now() {
    return line.edge().now().truncatedTo(ChronoUnit.MILLIS);
  }
}
