package dev.flotilla.registry.link.openclaw;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flotilla.contract.PeerCommand;
import dev.flotilla.fault.Fault;
import dev.flotilla.wire.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Scheduled jobs in the words of the instance.
final class CronJobs {
  private CronJobs() {}

  /// A job has a session of its own each time, and its answer goes to no chat channel: with the
  /// default, a gateway without channels would call every run failed.
  static ObjectNode params(PeerCommand.CronAdd add) {
    if (times(add.cron(), add.everyMs(), add.at()) != 1) {
      throw Fault.invalid("cron", "Give exactly one of cron, everyMs and at.").asException();
    }
    ObjectNode job = Json.MAPPER.createObjectNode();
    job.put("name", add.name());
    schedule(job.putObject("schedule"), add.cron(), add.zone(), add.everyMs(), add.at());
    job.put("sessionTarget", "isolated").put("wakeMode", "now");
    job.putObject("payload").put("kind", "agentTurn").put("message", add.message());
    job.putObject("delivery").put("mode", "none");
    job.put("enabled", !Boolean.FALSE.equals(add.enabled()));
    if (add.agent() != null) {
      job.put("agentId", add.agent());
    }
    return job;
  }

  /// Only what is given is changed.
  static ObjectNode params(PeerCommand.CronUpdate update) {
    long times = times(update.cron(), update.everyMs(), update.at());
    if (times > 1 || (update.zone() != null && update.cron() == null)) {
      throw Fault.invalid("cron", "Give at most one of cron, everyMs and at; zone goes with cron.")
          .asException();
    }
    ObjectNode params = Json.MAPPER.createObjectNode();
    params.put("id", update.id());
    ObjectNode patch = params.putObject("patch");
    if (update.name() != null) {
      patch.put("name", update.name());
    }
    if (times == 1) {
      schedule(
          patch.putObject("schedule"), update.cron(), update.zone(), update.everyMs(), update.at());
    }
    if (update.message() != null) {
      patch.putObject("payload").put("kind", "agentTurn").put("message", update.message());
    }
    if (update.enabled() != null) {
      patch.put("enabled", update.enabled());
    }
    if (update.agent() != null) {
      patch.put("agentId", update.agent());
    }
    if (patch.isEmpty()) {
      throw Fault.invalid("id", "Say what to change of the job.").asException();
    }
    return params;
  }

  private static long times(@Nullable Object... given) {
    return Stream.of(given).filter(Objects::nonNull).count();
  }

  private static void schedule(
      ObjectNode schedule,
      @Nullable String cron,
      @Nullable String zone,
      @Nullable Long everyMs,
      @Nullable Instant at) {
    if (cron != null) {
      schedule.put("kind", "cron").put("expr", cron);
      if (zone != null) {
        schedule.put("tz", zone);
      }
    } else if (everyMs != null) {
      schedule.put("kind", "every").put("everyMs", everyMs);
    } else if (at != null) {
      schedule.put("kind", "at").put("at", at.toString());
    }
  }

  /// When a job runs, in words.
  static @Nullable String inWords(JsonNode schedule) {
    return switch (schedule.path("kind").asText("")) {
      case "cron" ->
          (schedule.path("expr").asText("") + " " + schedule.path("tz").asText("")).strip();
      case "every" ->
          "every " + Duration.ofMillis(schedule.path("everyMs").asLong()).toSeconds() + " s";
      case "at" -> "at " + schedule.path("at").asText("");
      case "" -> null;
      case String other -> other;
    };
  }
}
