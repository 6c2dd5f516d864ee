package dev.flotilla.gateway.dialect.control;

import dev.flotilla.config.FleetConfig.DialectLimits;
import dev.flotilla.gateway.session.Conversation;
import dev.flotilla.gateway.session.Dialect;
import dev.flotilla.gateway.session.Line;
import dev.flotilla.gateway.wire.Encoding;
import dev.flotilla.gateway.wire.Frame;
import dev.flotilla.log.Event;
import java.util.List;

/// JSON requests, answers and events: what dashboards, SDKs and scripts speak.
public record ControlDialect(DialectLimits limits) implements Dialect {
  public static final int VERSION = 1;

  @Override
  public Encoding encoding() {
    return Encoding.CONTROL;
  }

  @Override
  public List<String> paths() {
    return List.of("/events", "/api/events", "/api/v1/events");
  }

  @Override
  public String subprotocol() {
    return "fleet.control.v1";
  }

  @Override
  public Admission admission() {
    return Admission.IN_BAND;
  }

  /// It carries every event.
  @Override
  public Frame render(Event event, String epoch) {
    return ServerFrame.event(event, epoch).encode();
  }

  @Override
  public Conversation converse(Line line) {
    return new ControlConversation(line, limits);
  }
}
