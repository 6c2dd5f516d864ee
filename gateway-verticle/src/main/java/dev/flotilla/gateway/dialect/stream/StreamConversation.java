package dev.flotilla.gateway.dialect.stream;

import dev.flotilla.fault.Fault;
import dev.flotilla.gateway.dialect.control.ServerFrame;
import dev.flotilla.gateway.feed.Gap;
import dev.flotilla.gateway.feed.Position;
import dev.flotilla.gateway.meter.Via;
import dev.flotilla.gateway.session.CloseReason;
import dev.flotilla.gateway.session.Conversation;
import dev.flotilla.gateway.session.Line;
import dev.flotilla.gateway.session.Message;
import dev.flotilla.gateway.session.Notice;
import dev.flotilla.gateway.wire.StreamBlock;
import dev.flotilla.identity.Ids;
import dev.flotilla.identity.Principal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// One event stream, from its first block to its last. Until the subscription has been made it can
/// still be refused like any other request.
final class StreamConversation implements Conversation {
  /// How long a client waits before it comes back, unless it is told otherwise.
  private static final long RETRY_MS = 2_000;

  private final Line line;
  private final StreamAsk ask;
  private final StreamAnswer answer;
  private boolean begun;
  private @Nullable Position told;

  StreamConversation(Line line, StreamAsk ask, StreamAnswer answer) {
    this.line = line;
    this.ask = ask;
    this.answer = answer;
  }

  @Override
  public void opened() {
    // The first thing to be said is the answer's head, once it is known that there will be one.
  }

  @Override
  public void admitted(Principal principal) {
    try {
      line.subscriptions().add(ask.topics(), ask.since());
    } catch (RuntimeException failure) {
      turnAway(line.fault(failure));
      return;
    }
    begun = true;
    answer.begin();
    line.send(StreamBlock.retry(RETRY_MS));
    line.subscriptions().proceed();
    tick(); // Not before a gap has been told, which it would hide.
  }

  @Override
  public void refused(Fault fault) {
    if (begun) {
      faulty(fault);
    } else {
      answer.refuse(fault);
    }
  }

  @Override
  public void received(Message message) {
    throw new IllegalStateException("Nothing can be said on an event stream");
  }

  @Override
  public void faulty(Fault fault) {
    line.edge().meters().refused(Via.REST, fault.reason());
    send(ServerFrame.error(fault, Ids.next(line.edge().clock()), now()));
  }

  @Override
  public void notice(Notice notice) {
    switch (notice) {
      case Notice.Drain drain -> {
        send(ServerFrame.drain(drain, now()));
        line.send(StreamBlock.retry(drain.retryAfterMs()));
      }
      case Notice.TokenEnds(Instant at) -> send(ServerFrame.tokenEnds(at, now()));
      // The client comes back by itself and loses nothing.
      case Notice.Idle(), Notice.TooSlow() -> {}
    }
  }

  /// The client goes on after it, so that it does not hear of the same gap again.
  @Override
  public void missed(Gap gap) {
    told = gap.position();
    line.send(event(StreamAsk.id(gap.position()), ServerFrame.gap(gap, now())));
  }

  /// A client of a quiet topic would otherwise resume from far back.
  @Override
  public void tick() {
    Position position = line.subscriptions().position();
    if (position != null && !position.equals(told)) {
      told = position;
      line.send(StreamBlock.position(StreamAsk.id(position)));
    }
  }

  private void turnAway(Fault fault) {
    line.edge().meters().refused(Via.REST, fault.reason());
    answer.refuse(fault);
    line.close(CloseReason.BAD_CONNECT, fault.message());
  }

  private void send(ServerFrame frame) {
    line.send(event(null, frame));
  }

  private static StreamBlock event(@Nullable String id, ServerFrame frame) {
    return StreamBlock.event(id, name(frame), frame);
  }

  private static String name(ServerFrame frame) {
    return frame instanceof ServerFrame.EventFrame event ? event.event() : frame.type();
  }

  private Instant now() {
    return line.edge().now();
  }
}
