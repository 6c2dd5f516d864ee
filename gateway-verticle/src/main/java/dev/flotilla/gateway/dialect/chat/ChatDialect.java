package dev.flotilla.gateway.dialect.chat;

import dev.flotilla.config.FleetConfig.DialectLimits;
import dev.flotilla.gateway.session.Conversation;
import dev.flotilla.gateway.session.Dialect;
import dev.flotilla.gateway.session.Line;
import dev.flotilla.gateway.wire.Encoding;
import dev.flotilla.gateway.wire.Frame;
import dev.flotilla.log.Event;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Conversations with agents, in JSON: what chat windows speak.
public record ChatDialect(DialectLimits limits) implements Dialect {

  @Override
  public Encoding encoding() {
    return Encoding.CHAT;
  }

  @Override
  public List<String> paths() {
    return List.of("/api/chat/ws", "/api/v1/chat/ws", "/api/ws");
  }

  @Override
  public String subprotocol() {
    return "fleet.chat.v1";
  }

  @Override
  public Admission admission() {
    return Admission.AFTER_UPGRADE;
  }

  @Override
  public boolean pings() {
    return true;
  }

  @Override
  public @Nullable Frame render(Event event, String epoch) {
    ServerMessage message = EventRendering.render(event, epoch);
    return message == null ? null : message.encode();
  }

  @Override
  public Conversation converse(Line line) {
    return new ChatConversation(line);
  }
}
