package dev.flotilla.fault;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// What went wrong, as data: it crosses the bus, and each dialect and HTTP render it in their way.
///
/// @param field the offending field as a JSON pointer or name, where there is one
/// @param retryAfterMs milliseconds to wait before trying again, where waiting helps
public record Fault(
    Reason reason, String message, @Nullable String field, @Nullable Long retryAfterMs) {

  public static Fault of(Reason reason, String message) {
    return new Fault(reason, message, null, null);
  }

  public static Fault invalid(String field, String message) {
    return new Fault(Reason.INVALID_FIELD, message, field, null);
  }

  /// The same words whether the thing is absent or another tenant's: existence is not revealed.
  public static Fault notFound(String what, String id) {
    return of(Reason.NOT_FOUND, "There is no " + what + " '" + id + "'.");
  }

  public static Fault unavailable(String what, Duration retryAfter) {
    return new Fault(
        Reason.UNAVAILABLE, what + " is unavailable right now.", null, retryAfter.toMillis());
  }

  public static Fault retryLater(Reason reason, String message, Duration retryAfter) {
    return new Fault(reason, message, null, retryAfter.toMillis());
  }

  public FaultCode code() {
    return reason.code();
  }

  public boolean retryable() {
    return reason.retryable();
  }

  public FaultException asException() {
    return new FaultException(this);
  }
}
