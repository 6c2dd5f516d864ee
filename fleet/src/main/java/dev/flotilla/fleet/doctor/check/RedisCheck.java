package dev.flotilla.fleet.doctor.check;

import dev.flotilla.fleet.StartFailure;
import dev.flotilla.fleet.doctor.Check;
import dev.flotilla.fleet.doctor.Findings;
import dev.flotilla.fleet.doctor.Patient;
import dev.flotilla.fleet.doctor.Severity;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.Arrays;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Whether Redis keeps what it is given.
public record RedisCheck() implements Check {
  private static final int OLDEST = 7;
  private static final String KEEP = "noeviction";
  private static final Pattern VERSION = Pattern.compile("redis_version:((\\d+)[^\\r\\n]*)");

  @Override
  public void examine(Patient patient, Findings found) {
    String info;
    try {
      info = ask(patient, Command.INFO, "server").toString();
    } catch (Exception failure) {
      found.error(
          "Redis cannot be used: " + StartFailure.reason(failure),
          "tasks wait, and rates are counted by each node alone.",
          "start it, or correct redis.url; try `redis-cli -u URL ping`");
      return;
    }
    Matcher number = VERSION.matcher(info);
    if (!number.find()) {
      throw new IllegalStateException("Redis does not say what version it is");
    }
    if (Integer.parseInt(number.group(2)) < OLDEST) {
      found.error(
          "it is Redis " + number.group(1),
          "the scripts of the queue need " + OLDEST + " or newer.",
          "upgrade the server");
    }
    eviction(patient, found);
    persistence(patient, found);
    found.elseSound("Redis " + number.group(1) + ", persistent, evicts nothing");
  }

  private static void eviction(Patient patient, Findings found) {
    String policy = setting(patient, "maxmemory-policy");
    boolean limited = !setting(patient, "maxmemory").equals("0");
    if (!policy.equals(KEEP)) {
      found.trouble(
          limited ? Severity.ERROR : Severity.WARNING,
          "maxmemory-policy is " + policy,
          "when memory is short, Redis throws parts of the queue away.",
          "`redis-cli config set maxmemory-policy noeviction`, and in redis.conf",
          () -> ask(patient, Command.CONFIG, "SET", "maxmemory-policy", KEEP));
    }
  }

  private static void persistence(Patient patient, Findings found) {
    if (setting(patient, "appendonly").equals("no") && setting(patient, "save").isEmpty()) {
      found.warning(
          "it keeps nothing on disk: appendonly is no, and save is empty",
          "after a restart the queue is rebuilt from PostgreSQL, and no task starts meanwhile.",
          "`redis-cli config set appendonly yes`, and in redis.conf");
    }
  }

  private static String setting(Patient patient, String name) {
    Response answer = ask(patient, Command.CONFIG, "GET", name);
    Response value = answer.get(name);
    if (value == null) {
      throw new IllegalStateException("Redis does not say what " + name + " is");
    }
    return value.toString();
  }

  private static Response ask(Patient patient, Command command, String... arguments) {
    Request request = Request.cmd(command);
    Arrays.stream(arguments).forEach(request::arg);
    return Objects.requireNonNull(patient.stores().redis().send(request).await());
  }
}
