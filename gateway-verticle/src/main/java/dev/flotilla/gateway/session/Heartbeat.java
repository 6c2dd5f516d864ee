package dev.flotilla.gateway.session;

import dev.flotilla.fault.Fault;
import dev.flotilla.fault.Reason;

/// What time brings to one session: pings and ticks for who is there, and the end for who is late,
/// silent or idle. When that is, the session's deadlines say.
record Heartbeat(Line line, Transport transport, Conversation conversation, Liveness liveness) {

  void act(Liveness.Due due) {
    switch (due) {
      case NOTHING -> {}
      case ADMISSION_IS_LATE -> {
        conversation.refused(Fault.of(Reason.CONNECT_EXPECTED, "The first frame must be connect."));
        line.close(CloseReason.POLICY, "connect expected");
      }
      case TOKEN_ENDS_SOON ->
          conversation.notice(new Notice.TokenEnds(line.principal().expiresAt()));
      case TOKEN_IS_OVER -> {
        conversation.refused(Fault.of(Reason.TOKEN_EXPIRED, "The token has expired."));
        line.close(CloseReason.UNAUTHENTICATED, "token expired");
      }
      case SILENCE -> line.close(CloseReason.SILENT, "nothing heard");
      case IDLE -> {
        conversation.notice(new Notice.Idle());
        line.close(CloseReason.IDLE, "idle");
      }
      case PING -> ping();
      case TICK -> tick();
    }
  }

  /// Where no answer is heard, who takes what it is sent counts as alive: see [WriteQueue].
  private void ping() {
    if (!transport.ping()) {
      liveness.heard(System.nanoTime());
    }
  }

  /// Who is still reading what was sent before learns nothing from a tick, and must not be closed
  /// for it: one large event alone may be above the limit.
  private void tick() {
    if (line.backedUp()) {
      liveness.excused(System.nanoTime()); // It has not seen a ping that it could answer.
    } else {
      conversation.tick();
    }
  }
}
