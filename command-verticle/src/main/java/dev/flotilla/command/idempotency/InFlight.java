package dev.flotilla.command.idempotency;

import dev.flotilla.command.store.Deadline;
import dev.flotilla.wire.RawJson;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/// Requests that this verticle works on. A repetition joins the first instead of waiting for it
/// with a database connection in its hand. Confined to the verticle's context.
public final class InFlight {
  private record Entry(String requestHash, Future<RawJson> answer) {}

  private final Map<String, Entry> entries = new HashMap<>();

  /// @param joined runs where an earlier request is joined
  public RawJson run(
      IdempotencyKey key, Deadline deadline, Supplier<RawJson> work, Runnable joined) {
    Entry first = entries.get(key.key());
    if (first != null) {
      key.requireSame(first.requestHash());
      joined.run();
      return deadline.await(first.answer(), "The first of the same requests");
    }
    Promise<RawJson> answer = Promise.promise();
    entries.put(key.key(), new Entry(key.requestHash(), answer.future()));
    try {
      RawJson value = work.get();
      answer.complete(value);
      return value;
    } catch (Throwable failure) {
      answer.fail(failure);
      throw failure;
    } finally {
      entries.remove(key.key());
    }
  }
}
