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
    if (Stream.of(add.cron(), add.everyMs(), add.at()).filter(Objects::nonNull).count() != 1) {
      throw Fault.invalid("cron", "Give exactly one of cron, everyMs and at.").asException();
    }
    ObjectNode job = Json.MAPPER.createObjectNode();
    job.put("name", add.name());
    schedule(job.putObject("schedule"), add);
    job.put("sessionTarget", "isolated").put("wakeMode", "now");
    job.putObject("payload").put("kind", "agentTurn").put("message", add.message());
    job.putObject("delivery").put("mode", "none");
    job.put("enabled", !Boolean.FALSE.equals(add.enabled()));
    if (add.agent() != null) {
      job.put("agentId", add.agent());
    }
    return job;
  }

  private static void schedule(ObjectNode schedule, PeerCommand.CronAdd add) {
    Instant at = add.at();
    if (add.cron() != null) {
      schedule.put("kind", "cron").put("expr", add.cron());
      if (add.zone() != null) {
        schedule.put("tz", add.zone());
      }
    } else if (add.everyMs() != null) {
      schedule.put("kind", "every").put("everyMs", add.everyMs());
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
