package dev.flotilla.gateway.session;

import dev.flotilla.fault.Fault;
import org.jspecify.annotations.Nullable;

/// That something is refused to a client, as meters and logs see it.
///
/// @param correlationId ties the log line to what the client is told
/// @param type of the message that is refused
/// @param subscription that it is about
public record Refusal(
    Fault fault, String correlationId, @Nullable String type, @Nullable String subscription) {

  public static Refusal of(Fault fault, String correlationId) {
    return new Refusal(fault, correlationId, null, null);
  }

  /// @param newSubscription null where it is about none
  public Refusal about(String newType, @Nullable String newSubscription) {
    return new Refusal(fault, correlationId, newType, newSubscription);
  }
}
