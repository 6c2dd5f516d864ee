package dev.flotilla.fault;

import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/// The only exception that is thrown on purpose. It has no stack trace: a fault is an answer, not a
/// bug.
public final class FaultException extends RuntimeException {
  private final Fault fault;

  public FaultException(Fault fault) {
    super(fault.reason() + ": " + fault.message(), null, false, false);
    this.fault = fault;
  }

  public Fault fault() {
    return fault;
  }

  /// The fault inside a failure, or null where the failure is a bug or comes from a store.
  public static @Nullable Fault in(Throwable failure) {
    return switch (failure) {
      case FaultException known -> known.fault();
      case CompletionException wrapped when wrapped.getCause() != null -> in(wrapped.getCause());
      default -> null;
    };
  }
}
