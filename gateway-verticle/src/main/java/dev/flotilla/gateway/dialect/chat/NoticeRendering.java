package dev.flotilla.gateway.dialect.chat;

import dev.flotilla.gateway.session.Notice;
import java.time.Instant;

/// What the engine has to say, as the chat dialect says it.
final class NoticeRendering {
  private NoticeRendering() {}

  static ServerPayload of(Notice notice) {
    return switch (notice) {
      case Notice.Drain(var reason, var retryAfterMs, var node) ->
          new ServerPayload.Notice(
              ServerPayload.Notice.Kind.DRAIN,
              "This node is about to let you go (" + reason + "). Connect again.",
              retryAfterMs,
              node,
              null);
      case Notice.TokenEnds(Instant at) ->
          new ServerPayload.Notice(
              ServerPayload.Notice.Kind.TOKEN_EXPIRING,
              "The token ends soon. Send auth_refresh.",
              null,
              null,
              at);
      case Notice.Idle() ->
          notice(ServerPayload.Notice.Kind.IDLE, "You have said nothing for too long.");
      case Notice.TooSlow() ->
          notice(
              ServerPayload.Notice.Kind.TOO_SLOW, "You read too slowly. Connect again and resume.");
    };
  }

  private static ServerPayload notice(ServerPayload.Notice.Kind kind, String message) {
    return new ServerPayload.Notice(kind, message, null, null, null);
  }
}
