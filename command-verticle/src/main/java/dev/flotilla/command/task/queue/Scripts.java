package dev.flotilla.command.task.queue;

import dev.flotilla.command.store.Deadline;
import dev.flotilla.fault.Fault;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Runs scripts by their hash, and hands Redis the text where it does not know one.
record Scripts(Redis redis, String prefix) {
  private static final String REDIS = "Redis";
  private static final Duration LIMIT = Duration.ofSeconds(2);
  private static final Duration RETRY_AFTER = Duration.ofMillis(500);

  /// @return null where the script answers nil
  @Nullable Response run(Script script, List<String> arguments) {
    Deadline deadline = Deadline.in(LIMIT);
    try {
      return deadline.await(send(Command.EVALSHA, script.sha(), arguments), REDIS);
    } catch (Throwable failure) {
      if (!said(failure, "NOSCRIPT")) {
        throw translate(failure);
      }
    }
    try {
      return deadline.await(send(Command.EVAL, script.text(), arguments), REDIS);
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

  private Future<@Nullable Response> send(Command command, String script, List<String> arguments) {
    Request request = Request.cmd(command).arg(script).arg(1).arg(prefix);
    arguments.forEach(request::arg);
    return redis.send(request);
  }

  private static boolean said(Throwable failure, String word) {
    return String.valueOf(failure.getMessage()).contains(word);
  }

  /// An error inside a script is a bug; everything else means that Redis cannot be used now.
  private static RuntimeException translate(Throwable failure) {
    if (failure instanceof Error error) {
      throw error;
    }
    if (said(failure, "script:") || said(failure, "user_script")) {
      return new IllegalStateException(failure);
    }
    return Fault.unavailable(REDIS, RETRY_AFTER).asException();
  }
}
