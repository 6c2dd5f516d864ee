package dev.flotilla.gateway.dialect.chat;

import dev.flotilla.gateway.session.Notice;
import java.time.Instant;

/// What the engine has to say, as the chat dialect says it.
final class NoticeRendering {
  private NoticeRendering() {}

  static ServerData of(Notice notice) {
    return switch (notice) {
      case Notice.Drain(var reason, var retryAfterMs, var node) ->
          new ServerData.Notice(
              ServerData.Notice.Kind.DRAIN,
              "This node is about to let you go (" + reason + "). Connect again.",
              retryAfterMs,
              node,
              null);
      case Notice.TokenEnds(Instant at) ->
          new ServerData.Notice(
              ServerData.Notice.Kind.TOKEN_EXPIRING,
              "The token ends soon. Send auth_refresh.",
              null,
              null,
              at);
      case Notice.Idle() ->
          notice(ServerData.Notice.Kind.IDLE, "You have said nothing for too long.");
      case Notice.TooSlow() ->
          notice(ServerData.Notice.Kind.TOO_SLOW, "You read too slowly. Connect again and resume.");
    };
  }

  private static ServerData notice(ServerData.Notice.Kind kind, String message) {
    return new ServerData.Notice(kind, message, null, null, null);
  }
}
