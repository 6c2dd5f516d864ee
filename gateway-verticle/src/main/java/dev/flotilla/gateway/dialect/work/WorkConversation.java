package dev.flotilla.gateway.dialect.work;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flotilla.contract.CommandKind;
import dev.flotilla.contract.Topic;
import dev.flotilla.fault.Fault;
import dev.flotilla.fault.FaultException;
import dev.flotilla.fault.Reason;
import dev.flotilla.gateway.feed.Gap;
import dev.flotilla.gateway.feed.Position;
import dev.flotilla.gateway.feed.Post;
import dev.flotilla.gateway.session.Conversation;
import dev.flotilla.gateway.session.Line;
import dev.flotilla.gateway.session.Message;
import dev.flotilla.gateway.session.Notice;
import dev.flotilla.gateway.session.Refusal;
import dev.flotilla.gateway.wire.Frame;
import dev.flotilla.gateway.wire.StrictJson;
import dev.flotilla.identity.Ids;
import dev.flotilla.identity.Principal;
import java.net.URI;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One work session. It says nothing until the client does: admission came before the upgrade.
final class WorkConversation implements Conversation {
  private final Line line;
  private final SessionMessages messages;
  private final Bundle bundle;

  WorkConversation(Line line, SessionMessages messages, WorkEvents events) {
    this.line = line;
    this.messages = messages;
    this.bundle = new Bundle(line, messages, events);
  }

  @Override
  public void opened() {
    // Silent: a client that gets here has been admitted.
  }

  @Override
  public void admitted(Principal principal) {
    // Silent: nothing is confirmed that was not asked for (requirement R4-005).
  }

  /// The token has ended; a refused credential never gets here.
  @Override
  public void refused(Fault fault) {
    error("", Refusal.of(fault, newId()));
  }

  @Override
  public void received(Message message) {
    if (message instanceof Message.Binary(var bytes)) {
      WorkFrame frame = WorkDecoder.decode(bytes.getBytes());
      try {
        serve(frame);
      } catch (FaultException refused) {
        error(frame, refused.fault());
      }
    }
  }

  @Override
  public void faulty(Fault fault) {
    error("", Refusal.of(fault, newId()));
  }

  @Override
  public void limited(Message message, Fault fault, boolean noticeDue) {
    if (noticeDue && message instanceof Message.Binary(var bytes)) {
      error(WorkDecoder.decode(bytes.getBytes()), fault);
    }
  }

  @Override
  public void notice(Notice notice) {
    switch (notice) {
      case Notice.Drain(_, long retryAfterMs, var node) ->
          send(messages.drain(retryAfterMs, text(node)));
      case Notice.TokenEnds(Instant at) -> send(messages.tokenExpiring(at));
      // The closing frame says how far the client was served: what waits is before that.
      case Notice.TooSlow() -> bundle.flush();
      // The closing frame says it all.
      case Notice.Idle() -> {}
    }
  }

  @Override
  public void missed(Gap gap) {
    send(messages.gap(gap));
  }

  /// A client that takes batches gets what came in one turn of the loop as one message.
  @Override
  public boolean wants(Post post) {
    return !bundle.takes(post);
  }

  private void serve(WorkFrame frame) {
    switch (frame) {
      case WorkFrame.Subscribe subscribe -> subscribe(subscribe);
      case WorkFrame.Unsubscribe(var id, var topics) -> {
        line.subscriptions().remove(names(topics));
        confirm(id);
      }
      case WorkFrame.Ping ping -> send(messages.pong(ping, line.subscriptions().position()));
      case WorkFrame.AuthRefresh refresh ->
          line.refresh(refresh.token().reveal())
              .onComplete(
                  renewed ->
                      send(
                          messages.refreshed(
                              refresh.id(), renewed.expiresAt(), line.subscriptions().topics())),
                  failure -> error(refresh, line.fault(failure)));
      case WorkFrame.Request request -> run(request);
      case WorkFrame.Malformed malformed -> {
        line.malformed();
        error(malformed, malformed.fault());
      }
    }
  }

  private void run(WorkFrame.Request request) {
    String correlationId = newId();
    Consumer<Fault> refuse =
        fault -> {
          Fault said = request.typed() ? ProtoJson.inProto(fault) : fault;
          error(request.id(), Refusal.of(said, correlationId).about(request.method(), null));
        };
    try {
      CommandKind kind =
          CommandKind.of(request.method())
              .orElseThrow(
                  () ->
                      Fault.of(Reason.UNKNOWN_METHOD, "There is no method of that name.")
                          .asException());
      ObjectNode params =
          request.params().isEmpty()
              ? StrictJson.emptyObject()
              : StrictJson.object(request.params());
      line.calls()
          .run(
              kind,
              StrictJson.raw(params),
              request.idempotencyKey(),
              correlationId,
              outcome -> {
                if (outcome.succeeded()) {
                  send(messages.response(request, kind, outcome.result(), correlationId));
                } else {
                  refuse.accept(line.fault(outcome.cause()));
                }
              });
    } catch (FaultException refused) {
      refuse.accept(refused.fault());
    }
  }

  private void subscribe(WorkFrame.Subscribe subscribe) {
    line.subscriptions().add(names(subscribe.topics()), subscribe.since());
    bundle.open(subscribe.batches());
    confirm(subscribe.id());
  }

  private void confirm(String id) {
    Position head = line.subscriptions().head();
    Position position = Objects.requireNonNullElse(line.subscriptions().position(), head);
    send(messages.confirmed(id, line.subscriptions().topics(), position, head));
    line.subscriptions().proceed();
  }

  private void error(WorkFrame frame, Fault fault) {
    String topics = frame.topics().isEmpty() ? null : String.join(",", names(frame.topics()));
    error(frame.id(), Refusal.of(fault, newId()).about(frame.type(), topics));
  }

  private void error(String requestId, Refusal refusal) {
    line.refuse(
        Frame.binary(messages.error(requestId, refusal.fault(), refusal.correlationId())), refusal);
  }

  private String newId() {
    return Ids.next(line.edge().clock());
  }

  /// Events that wait go first: a position says that everything up to it has been sent.
  private void send(byte[] message) {
    bundle.flush();
    line.send(Frame.binary(message));
  }

  private static List<String> names(Collection<Topic> topics) {
    return topics.stream().map(Topic::name).toList();
  }

  private static @Nullable String text(@Nullable URI uri) {
    return uri == null ? null : uri.toString();
  }
}
