package dev.flotilla.store;

import dev.flotilla.fault.Fault;
import dev.flotilla.fault.FaultException;
import io.vertx.core.VertxException;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.TransactionRollbackException;
import java.io.UncheckedIOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Tells a store that is away, busy or too slow from a bug of ours.
public final class StoreFaults {
  /// What faults call it.
  public static final String POSTGRES = "PostgreSQL";

  /// A lock was not granted in time.
  public static final String LOCK_NOT_AVAILABLE = "55P03";

  /// A row with that unique value exists.
  public static final String UNIQUE_VIOLATION = "23505";

  /// Nothing is done in a transaction after a statement of it has failed.
  public static final String TRANSACTION_ABORTED = "25P02";

  private static final Duration RETRY_AFTER = Duration.ofMillis(500);

  private StoreFaults() {}

  /// The fault that the failure means, or null where it is a bug.
  public static @Nullable Fault of(Throwable failure) {
    Fault known = FaultException.in(failure);
    if (known != null) {
      return known;
    }
    return switch (failure) {
      case PgException refused -> transientState(sqlState(refused)) ? unavailable() : null;
      case TransactionRollbackException _ -> unavailable();
      case VertxException _ -> unavailable();
      case UncheckedIOException _ -> null;
      case RuntimeException _ -> null;
      case Error _ -> null;
      // Connect and socket failures, pool and connect timeouts.
      default -> unavailable();
    };
  }

  public static boolean is(Throwable failure, String sqlState) {
    return failure instanceof PgException refused && sqlState(refused).equals(sqlState);
  }

  private static String sqlState(PgException refused) {
    return String.valueOf(refused.getSqlState());
  }

  /// Connection failures, resources, operator intervention, serialisation, locks, lost
  /// transactions.
  private static boolean transientState(String state) {
    return state.startsWith("08")
        || state.startsWith("53")
        || state.startsWith("57")
        || state.startsWith("58")
        || state.startsWith("40")
        || state.startsWith("25")
        || state.equals(LOCK_NOT_AVAILABLE);
  }

  private static Fault unavailable() {
    return Fault.unavailable(POSTGRES, RETRY_AFTER);
  }
}
