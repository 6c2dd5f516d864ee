package dev.flotilla.gateway.dialect.chat;

import dev.flotilla.fault.Fault;
import dev.flotilla.fault.FaultException;
import dev.flotilla.gateway.dialect.chat.ClientMessage.Asked;
import dev.flotilla.gateway.dialect.chat.ClientMessage.Malformed;
import dev.flotilla.gateway.dialect.chat.ClientMessage.Request;
import dev.flotilla.gateway.feed.Gap;
import dev.flotilla.gateway.feed.Post;
import dev.flotilla.gateway.session.CloseReason;
import dev.flotilla.gateway.session.Conversation;
import dev.flotilla.gateway.session.Line;
import dev.flotilla.gateway.session.Message;
import dev.flotilla.gateway.session.Notice;
import dev.flotilla.identity.Principal;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// One chat session. The server says nothing until it is asked, but for its pings.
final class ChatConversation implements Conversation {
  private final Line line;
  private final Outbox outbox;
  private @Nullable Threads threads;
  private @Nullable Agents agents;

  ChatConversation(Line line) {
    this.line = line;
    this.outbox = new Outbox(line);
  }

  @Override
  public void opened() {}

  @Override
  public void admitted(Principal principal) {
    threads = new Threads(line, outbox);
    agents = new Agents(line, outbox);
  }

  @Override
  public void refused(Fault fault) {
    outbox.refuse(null, fault);
  }

  @Override
  public void received(Message message) {
    if (message instanceof Message.Text(String text, _)) {
      switch (MessageDecoder.decode(text)) {
        case Asked asked -> serve(asked);
        case Malformed(var reqId, var fault) -> {
          outbox.refuse(reqId, fault);
          line.close(CloseReason.PROTOCOL, fault.message());
        }
      }
    }
  }

  @Override
  public void faulty(Fault fault) {
    outbox.refuse(null, fault);
  }

  /// Whoever waits for an answer gets one, and who answers is there.
  @Override
  public void limited(Message message, Fault fault, boolean noticeDue) {
    if (message instanceof Message.Text(String text, _)
        && MessageDecoder.decode(text) instanceof Asked asked) {
      if (asked.request() instanceof Request.Pong) {
        line.answered();
        return;
      }
      if (asked.reqId() != null) {
        outbox.refuse(asked.reqId(), asked.request(), fault, outbox.newId());
        return;
      }
    }
    if (noticeDue) {
      faulty(fault);
    }
  }

  @Override
  public void notice(Notice notice) {
    outbox.say(null, NoticeRendering.of(notice));
  }

  @Override
  public void missed(Gap gap) {
    outbox.say(null, ServerPayload.EventsMissing.of(gap));
    if (threads != null) {
      threads.missed(gap);
    }
  }

  @Override
  public void tick() {
    outbox.say(null, new ServerPayload.Ping());
    if (threads != null) {
      threads.tick();
    }
  }

  @Override
  public boolean wants(Post post) {
    return (threads == null || threads.wants(post)) && (agents == null || agents.wants(post));
  }

  private void serve(Asked asked) {
    String correlationId = outbox.newId();
    try {
      serve(asked, correlationId);
    } catch (FaultException refusal) {
      outbox.refuse(asked.reqId(), asked.request(), refusal.fault(), correlationId);
    }
  }

  private void serve(Asked asked, String correlationId) {
    Request request = asked.request();
    if (!asked.topic().equals(ServerMessage.SYSTEM) && !asked.topic().equals(request.topic())) {
      throw Fault.invalid("topic", "The topic is not what the message is about.").asException();
    }
    Threads talks = Objects.requireNonNull(threads);
    Agents workers = Objects.requireNonNull(agents);
    String reqId = asked.reqId();
    switch (request) {
      case Request.SubscribeThread thread -> talks.subscribe(reqId, thread);
      case Request.UnsubscribeThread thread -> talks.unsubscribe(reqId, thread);
      case Request.SendMessage message -> talks.send(reqId, message, correlationId);
      case Request.AbortMessage message -> talks.abort(reqId, message, correlationId);
      case Request.SubscribeAgent agent -> workers.subscribe(reqId, agent, correlationId);
      case Request.UnsubscribeAgent agent -> workers.unsubscribe(reqId, agent);
      case Request.AuthRefresh refresh -> refresh(reqId, refresh, correlationId);
      case Request.Pong() -> line.answered();
    }
  }

  private void refresh(@Nullable String reqId, Request.AuthRefresh request, String correlationId) {
    line.refresh(request.token())
        .onComplete(
            done -> {
              Objects.requireNonNull(threads).forget(done.dropped());
              outbox.say(reqId, new ServerPayload.AuthRefreshed(done.expiresAt(), done.dropped()));
            },
            failure -> outbox.refuse(reqId, request, line.fault(failure), correlationId));
  }
}
