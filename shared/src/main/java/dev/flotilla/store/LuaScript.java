package dev.flotilla.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What Redis runs as one step. It is called by its hash; Redis gets the text where it does not
/// know it.
public final class LuaScript {
  private final String text;
  private final String sha;

  private LuaScript(String text) {
    this.text = text;
    this.sha = sha1(text);
  }

  /// The files of those names beside the class, one behind the other.
  public static LuaScript of(Class<?> owner, String... names) {
    StringBuilder text = new StringBuilder();
    for (String name : names) {
      text.append(read(owner, name + ".lua"));
    }
    return new LuaScript(text.toString());
  }

  /// An error inside the script is a bug: [ScriptError]. Every other failure means that
  /// Redis cannot be used now.
  public Future<@Nullable Response> run(Redis redis, List<String> keys, List<String> arguments) {
    return redis
        .send(request(Command.EVALSHA, sha, keys, arguments))
        .recover(
            failure ->
                said(failure, "NOSCRIPT")
                    ? redis.send(request(Command.EVAL, text, keys, arguments))
                    : Future.failedFuture(failure))
        .recover(
            failure ->
                Future.failedFuture(
                    said(failure, "script:") || said(failure, "user_script")
                        ? new ScriptError(failure)
                        : failure));
  }

  private static boolean said(Throwable failure, String word) {
    return String.valueOf(failure.getMessage()).contains(word);
  }

  private static Request request(
      Command command, String script, List<String> keys, List<String> arguments) {
    Request request = Request.cmd(command).arg(script).arg(keys.size());
    keys.forEach(request::arg);
    arguments.forEach(request::arg);
    return request;
  }

  private static String read(Class<?> owner, String file) {
    try (InputStream in = owner.getResourceAsStream(file)) {
      if (in == null) {
        throw new IllegalStateException("There is no script " + file);
      }
      return new String(in.readAllBytes(), UTF_8);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  private static String sha1(String text) {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-1").digest(text.getBytes(UTF_8)));
    } catch (NoSuchAlgorithmException absent) {
      throw new IllegalStateException("Every JDK has SHA-1", absent);
    }
  }
}
