package dev.flotilla.gateway.dialect.stream;

import dev.flotilla.config.FleetConfig.DialectLimits;
import dev.flotilla.gateway.dialect.control.ServerFrame;
import dev.flotilla.gateway.feed.Position;
import dev.flotilla.gateway.session.Conversation;
import dev.flotilla.gateway.session.Line;
import dev.flotilla.gateway.session.Voice;
import dev.flotilla.gateway.wire.Encoding;
import dev.flotilla.gateway.wire.StreamBlock;
import dev.flotilla.log.Event;

/// One event stream: the control dialect's events, one way.
///
/// @param ask what the client wants to hear
/// @param answer the HTTP answer that the stream becomes
public record StreamVoice(DialectLimits limits, StreamAsk ask, StreamAnswer answer)
    implements Voice {

  @Override
  public Encoding encoding() {
    return Encoding.STREAM;
  }

  @Override
  public Admission admission() {
    return Admission.BEFORE_UPGRADE;
  }

  /// It carries every event. Only durable ones move the client on.
  @Override
  public StreamBlock render(Event event, String epoch) {
    Long seq = event.seq();
    return StreamBlock.event(
        seq == null ? null : StreamAsk.id(new Position(epoch, seq)),
        event.kind().wireName(),
        ServerFrame.event(event, epoch));
  }

  @Override
  public Conversation converse(Line line) {
    return new StreamConversation(line, ask, answer);
  }
}
