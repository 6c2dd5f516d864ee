package dev.flotilla.gateway.dialect.dashboard;

import dev.flotilla.gateway.dialect.dashboard.ServerMessage.DisconnectNotice;
import dev.flotilla.gateway.session.CloseReason;
import dev.flotilla.gateway.session.Notice;
import java.net.URI;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Why a session is about to end, as `disconnect_notice` says it.
final class Goodbye {
  private Goodbye() {}

  static DisconnectNotice of(Notice notice, Instant now, String correlationId) {
    return switch (notice) {
      case Notice.Drain(_, long retryAfterMs, @Nullable URI node) ->
          new DisconnectNotice(
              "disconnect_notice",
              "restart",
              "This node restarts: go on at another one.",
              CloseReason.RESTART.code(),
              CloseReason.RESTART.comeBack(),
              retryAfterMs,
              node,
              null,
              now.toString(),
              correlationId);
      case Notice.TokenEnds(Instant at) ->
          auth("The token ends soon: send auth_refresh.", at, now, correlationId);
      case Notice.Idle() ->
          plain(
              "idle", "You have sent nothing for too long.", CloseReason.IDLE, now, correlationId);
      case Notice.TooSlow() ->
          plain(
              "backpressure", "You read too slowly: resume.", CloseReason.SLOW, now, correlationId);
    };
  }

  /// @param at when the token ends, null where it has
  static DisconnectNotice auth(
      String message, @Nullable Instant at, Instant now, String correlationId) {
    return new DisconnectNotice(
        "disconnect_notice",
        "auth",
        message,
        CloseReason.UNAUTHENTICATED.code(),
        CloseReason.UNAUTHENTICATED.comeBack(),
        null,
        null,
        at == null ? null : at.toString(),
        now.toString(),
        correlationId);
  }

  private static DisconnectNotice plain(
      String reason, String message, CloseReason close, Instant now, String correlationId) {
    return new DisconnectNotice(
        "disconnect_notice",
        reason,
        message,
        close.code(),
        close.comeBack(),
        null,
        null,
        null,
        now.toString(),
        correlationId);
  }
}
