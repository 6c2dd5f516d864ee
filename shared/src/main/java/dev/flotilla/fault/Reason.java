package dev.flotilla.fault;

import static dev.flotilla.fault.FaultCode.AUTHENTICATION_FAILED;
import static dev.flotilla.fault.FaultCode.AUTHORIZATION_FAILED;
import static dev.flotilla.fault.FaultCode.CONFLICT;
import static dev.flotilla.fault.FaultCode.INTERNAL_ERROR;
import static dev.flotilla.fault.FaultCode.RATE_LIMIT_EXCEEDED;
import static dev.flotilla.fault.FaultCode.VALIDATION_ERROR;

/// The table of faults: one row each, with the code it refines, its HTTP status, whether the same
/// request may succeed later, and what the caller can do about it.
public enum Reason {
  TOKEN_MISSING(AUTHENTICATION_FAILED, 401, false, "Send a token: flotilla token prints one."),
  TOKEN_INVALID(AUTHENTICATION_FAILED, 401, false, "Get a token that this fleet has signed."),
  TOKEN_EXPIRED(AUTHENTICATION_FAILED, 401, false, "Get a new token and connect again."),
  TOKEN_NOT_YET_VALID(AUTHENTICATION_FAILED, 401, false, "Wait, or check both clocks."),
  TICKET_INVALID(
      AUTHENTICATION_FAILED, 401, false, "Get a new ticket: one is good once, for seconds."),
  TOKEN_REVOKED(AUTHENTICATION_FAILED, 401, false, "Log in again, or ask an admin."),
  LOGIN_FAILED(AUTHENTICATION_FAILED, 401, false, "Check tenant, name and password."),
  SESSION_OVER(AUTHENTICATION_FAILED, 401, false, "Log in again."),
  CONNECT_EXPECTED(AUTHENTICATION_FAILED, 401, false, "Send connect as the first frame."),

  MISSING_SCOPE(AUTHORIZATION_FAILED, 403, false, "Use a token whose role grants the scope."),
  FOREIGN_TOPIC(AUTHORIZATION_FAILED, 403, false, "Subscribe only to topics of your tenant."),

  NOT_OWNER(AUTHORIZATION_FAILED, 403, false, "Ask whose it is, or an admin."),
  TENANT_SUSPENDED(AUTHORIZATION_FAILED, 403, false, "Ask who runs the fleet."),
  OTHER_PRINCIPAL(AUTHORIZATION_FAILED, 403, false, "Refresh with a token of the same user."),
  CSRF_REFUSED(
      AUTHORIZATION_FAILED, 403, false, "Send the cookie flotilla_csrf as X-CSRF-Token, too."),
  ORIGIN_NOT_ALLOWED(AUTHORIZATION_FAILED, 403, false, "Use a page of an allowed origin."),

  NOT_JSON(VALIDATION_ERROR, 400, false, "Send one JSON object."),
  NOT_PROTOBUF(VALIDATION_ERROR, 400, false, "Send one WebSocketMessage of flotilla.work.v1."),
  INVALID_FRAME(VALIDATION_ERROR, 400, false, "See docs/protocol/ws-v1.md for the frame."),
  INVALID_FIELD(VALIDATION_ERROR, 400, false, "Correct the named field."),
  UNKNOWN_TYPE(VALIDATION_ERROR, 400, false, "Use a frame type of the protocol."),
  UNKNOWN_METHOD(VALIDATION_ERROR, 400, false, "Use a method of the command table."),
  UNKNOWN_SUBSCRIPTION(VALIDATION_ERROR, 400, false, "Use a topic of the protocol."),
  SUBSCRIPTION_LIMIT(VALIDATION_ERROR, 400, false, "Unsubscribe from a topic first."),
  UNSUPPORTED_VERSION(VALIDATION_ERROR, 400, false, "Offer a protocol version the server has."),
  IDEMPOTENCY_KEY_MISSING(VALIDATION_ERROR, 400, false, "Send an idempotency key."),
  PAYLOAD_TOO_LARGE(VALIDATION_ERROR, 413, false, "Send less than the limit."),
  URI_TOO_LONG(VALIDATION_ERROR, 414, false, "Send a shorter path and query."),
  HEADERS_TOO_LARGE(VALIDATION_ERROR, 431, false, "Send fewer or smaller headers."),
  REQUEST_TIMEOUT(VALIDATION_ERROR, 408, true, "Send the whole request at once."),
  METHOD_NOT_ALLOWED(VALIDATION_ERROR, 405, false, "Use an HTTP method that Allow names."),
  UPGRADE_REQUIRED(VALIDATION_ERROR, 426, false, "Open a WebSocket at this path."),

  NOT_FOUND(FaultCode.NOT_FOUND, 404, false, "Check the id."),

  IDEMPOTENCY_MISMATCH(CONFLICT, 409, false, "Use a new key for a new request."),
  IN_PROGRESS(CONFLICT, 409, true, "Repeat the request after the delay."),
  WRONG_STATE(CONFLICT, 409, false, "Read the current state first."),
  ALREADY_EXISTS(CONFLICT, 409, false, "Use another id."),
  QUOTA_EXCEEDED(CONFLICT, 409, false, "Remove one first, or ask for a larger quota."),
  STALE_REVISION(CONFLICT, 409, false, "Read it again, and change what is there now."),
  DEPENDENCY_CYCLE(CONFLICT, 409, false, "Take another dependency of the circle away first."),
  PRECONDITION_FAILED(CONFLICT, 412, false, "Read it again: it is not what If-Match says."),
  INSTANCE_REFUSED(CONFLICT, 409, false, "Read the message: the instance itself says no."),

  RATE_LIMITED(RATE_LIMIT_EXCEEDED, 429, true, "Slow down and repeat after the delay."),
  BUDGET_EXCEEDED(
      RATE_LIMIT_EXCEEDED, 429, true, "Wait for the budget, or ask an operator for a larger one."),

  UNAVAILABLE(INTERNAL_ERROR, 503, true, "Repeat after the delay."),
  DEADLINE_EXCEEDED(INTERNAL_ERROR, 504, true, "Repeat with the same idempotency key."),
  OVERLOADED(INTERNAL_ERROR, 503, true, "Repeat after the delay, or at another node."),
  DRAINING(INTERNAL_ERROR, 503, true, "Connect to another node."),
  CREDENTIAL_KEY(
      INTERNAL_ERROR,
      500,
      false,
      "Give every node the key that the message names, or set the instance's credential anew."),
  INTERNAL(INTERNAL_ERROR, 500, false, "Report the correlation id to the operator.");

  private final FaultCode code;
  private final int httpStatus;
  private final boolean retryable;
  private final String advice;

  Reason(FaultCode code, int httpStatus, boolean retryable, String advice) {
    this.code = code;
    this.httpStatus = httpStatus;
    this.retryable = retryable;
    this.advice = advice;
  }

  public FaultCode code() {
    return code;
  }

  public int httpStatus() {
    return httpStatus;
  }

  /// True where the same request may succeed later without a change.
  public boolean retryable() {
    return retryable;
  }

  /// What the caller can do, in one sentence.
  public String advice() {
    return advice;
  }
}
