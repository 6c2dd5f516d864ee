package dev.flotilla.command.task.queue;

import dev.flotilla.command.store.Deadline;
import dev.flotilla.fault.Fault;
import dev.flotilla.store.ScriptError;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Runs scripts, and waits for Redis, but not for ever.
record Scripts(Redis redis, String prefix) {
  private static final String REDIS = "Redis";
  private static final Duration LIMIT = Duration.ofSeconds(2);
  private static final Duration RETRY_AFTER = Duration.ofMillis(500);

  /// @return null where the script answers nil
  @Nullable Response run(Script script, List<String> arguments) {
    try {
      return Deadline.in(LIMIT).await(script.lua().run(redis, List.of(prefix), arguments), REDIS);
    } catch (Throwable failure) {
      throw translate(failure);
    }
  }

  /// Deletes every key. Meanwhile tasks can be put in or taken as from any queue that has lost
  /// some.
  void clear() {
    String cursor = "0";
    do {
      Response page =
          await(
              Request.cmd(Command.SCAN)
                  .arg(cursor)
                  .arg("MATCH")
                  .arg(prefix + ":*")
                  .arg("COUNT")
                  .arg("1000"));
      cursor = page.get(0).toString();
      if (page.get(1).size() > 0) {
        Request unlink = Request.cmd(Command.UNLINK);
        page.get(1).forEach(key -> unlink.arg(key.toString()));
        await(unlink);
      }
    } while (!cursor.equals("0"));
  }

  private Response await(Request request) {
    try {
      return Objects.requireNonNull(Deadline.in(LIMIT).await(redis.send(request), REDIS));
    } catch (Throwable failure) {
      throw translate(failure);
    }
  }

  void ping() {
    try {
      Deadline.in(LIMIT).await(redis.send(Request.cmd(Command.PING)), REDIS);
    } catch (Throwable failure) {
      throw translate(failure);
    }
  }

  /// An error inside a script is a bug; everything else means that Redis cannot be used now.
  private static RuntimeException translate(Throwable failure) {
    if (failure instanceof Error error) {
      throw error;
    }
    if (failure instanceof ScriptError bug) {
      return bug;
    }
    return Fault.unavailable(REDIS, RETRY_AFTER).asException();
  }
}
