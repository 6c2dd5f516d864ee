package dev.flotilla.gateway.dialect.dashboard;

import dev.flotilla.fault.Fault;
import dev.flotilla.gateway.dialect.dashboard.ServerMessage.DataError;
import dev.flotilla.gateway.dialect.dashboard.ServerMessage.ErrorMessage;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The one place where faults become `error` and `data_error`: so each has a timestamp and a
/// correlation id.
final class Errors {
  private Errors() {}

  /// @param subscriptions those that it is about
  static ErrorMessage error(
      Fault fault, @Nullable List<String> subscriptions, Instant now, String correlationId) {
    return new ErrorMessage(
        "error",
        fault.message(),
        fault.code(),
        fault.reason(),
        fault.field(),
        subscriptions,
        fault.retryable(),
        fault.retryAfterMs(),
        now.toString(),
        correlationId);
  }

  static DataError dataError(String dataType, Fault fault, Instant now, String correlationId) {
    return new DataError(
        "data_error",
        dataType,
        fault.message(),
        fault.code(),
        fault.reason(),
        fault.field(),
        fault.retryable(),
        fault.retryAfterMs(),
        now.toString(),
        correlationId);
  }
}
