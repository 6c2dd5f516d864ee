package dev.flotilla.gateway.dialect.control;

import dev.flotilla.fault.Fault;
import dev.flotilla.fault.FaultCode;
import dev.flotilla.fault.Reason;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A fault as the control dialect shows it.
public record FaultBody(
    FaultCode code,
    Reason reason,
    String message,
    @Nullable String field,
    boolean retryable,
    @Nullable Long retryAfterMs,
    String correlationId,
    Instant ts) {

  static FaultBody of(Fault fault, String correlationId, Instant ts) {
    return new FaultBody(
        fault.code(),
        fault.reason(),
        fault.message(),
        fault.field(),
        fault.retryable(),
        fault.retryAfterMs(),
        correlationId,
        ts);
  }
}
