package dev.flotilla.gateway.session;

import dev.flotilla.fault.Fault;
import dev.flotilla.fault.FaultCode;
import java.util.Arrays;
import java.util.Locale;

/// Why the server closes a socket. A client needs only this to decide whether to come back.
public enum CloseReason {
  /// A message that breaks the dialect's contract, in the dialects that end with it.
  PROTOCOL(1002, false),
  WRONG_FRAME_TYPE(1003, false),
  NOT_UTF8(1007, false),
  /// A message that says it is compressed and is not.
  NOT_DEFLATED(1007, false),
  /// Something other than connect came first, or too many malformed frames.
  POLICY(1008, false),
  TOO_BIG(1009, false),
  /// A bug of ours; nothing of the session can be trusted any more, but its position can.
  INTERNAL(1011, true),
  RESTART(1012, true),
  /// What is needed to admit anybody is away.
  TRY_LATER(1013, true),
  /// A connect that cannot be understood, or offers no version that the server has.
  BAD_CONNECT(4400, false),
  /// The token is missing, refused or over.
  UNAUTHENTICATED(4401, false),
  /// The page that opened the socket is of an origin that may not.
  FORBIDDEN(4403, false),
  /// Nothing was heard for too long.
  SILENT(4408, true),
  /// The client has sent no message for too long.
  IDLE(4410, true),
  /// Too much waited for a reader that is too slow.
  SLOW(4413, true),
  /// Far too many messages above the rate limit.
  ABUSE(4429, false);

  private final int code;
  private final boolean comeBack;

  CloseReason(int code, boolean comeBack) {
    this.code = code;
    this.comeBack = comeBack;
  }

  /// What a code means, for meters: one of ours, or what somebody else closed with.
  static String nameOf(String code) {
    return Arrays.stream(values())
        .filter(reason -> Integer.toString(reason.code).equals(code))
        .map(reason -> reason.name().toLowerCase(Locale.ROOT))
        .findFirst()
        .orElse(code);
  }

  /// How a socket ends whose credential was refused.
  static CloseReason ofRefusal(Fault fault) {
    if (fault.retryable()) {
      return TRY_LATER;
    }
    return fault.code() == FaultCode.AUTHORIZATION_FAILED ? FORBIDDEN : UNAUTHENTICATED;
  }

  /// In words, for the closing frame.
  String phrase() {
    return name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  public int code() {
    return code;
  }

  /// True where the client should connect again by itself.
  public boolean comeBack() {
    return comeBack;
  }
}
