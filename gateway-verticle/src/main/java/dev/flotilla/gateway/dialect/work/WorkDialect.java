package dev.flotilla.gateway.dialect.work;

import dev.flotilla.config.FleetConfig.DialectLimits;
import dev.flotilla.gateway.session.Conversation;
import dev.flotilla.gateway.session.Dialect;
import dev.flotilla.gateway.session.Line;
import dev.flotilla.gateway.wire.Encoding;
import dev.flotilla.gateway.wire.Frame;
import dev.flotilla.log.Event;
import java.time.Clock;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Protocol buffers about tracked work: items, sprints, comments, time, dependencies, people.
public final class WorkDialect implements Dialect {
  public static final int VERSION = 1;
  static final String SUBPROTOCOL = "fleet.work.v1";
  static final List<String> PATHS = List.of("/ws", "/api/work/ws", "/api/v1/work/ws");

  private final DialectLimits limits;
  private final SessionMessages messages;
  private final WorkEvents events;

  public WorkDialect(DialectLimits limits, Clock clock) {
    this.limits = limits;
    this.messages = new SessionMessages(clock);
    this.events = new WorkEvents(clock);
    // Loading the generated classes takes a fifth of a second, which no client should wait for.
    WorkDecoder.decode(messages.pong(new WorkFrame.Ping("", 0), null));
  }

  @Override
  public Encoding encoding() {
    return Encoding.WORK;
  }

  @Override
  public List<String> paths() {
    return PATHS;
  }

  @Override
  public String subprotocol() {
    return SUBPROTOCOL;
  }

  @Override
  public Admission admission() {
    return Admission.BEFORE_UPGRADE;
  }

  @Override
  public boolean binary() {
    return true;
  }

  @Override
  public DialectLimits limits() {
    return limits;
  }

  @Override
  public @Nullable Frame render(Event event, String epoch) {
    byte[] message = events.encode(event, epoch);
    return message == null ? null : Frame.binary(message);
  }

  @Override
  public Conversation converse(Line line) {
    return new WorkConversation(line, messages, events);
  }
}
