package dev.flotilla.gateway.ingest;

import dev.flotilla.config.FleetConfig;
import dev.flotilla.config.IngestRoute;
import dev.flotilla.contract.Fact;
import dev.flotilla.fault.FaultException;
import dev.flotilla.gateway.ingest.IngestMeters.Outcome;
import dev.flotilla.gateway.limit.TokenBucket;
import dev.flotilla.gateway.wire.StrictJson;
import dev.flotilla.log.EventLog;
import dev.flotilla.wire.RawJson;
import java.nio.charset.CharacterCodingException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// From a message to events, or to a count of what it was not. Confined to its event loop.
final class Intake {
  private static final Logger LOG = LoggerFactory.getLogger(Intake.class);

  /// A pattern may match any number of channels; nobody reads more lines than this.
  private static final int MAX_COMPLAINTS = 1000;

  private final Map<String, List<IngestRoute>> routes;
  private final int maxBytes;
  private final TokenBucket rate;
  private final Shards shards;
  private final EventLog log;
  private final IngestMeters meters;
  private final Set<String> complained = new HashSet<>();

  Intake(FleetConfig.Ingest settings, Shards shards, EventLog log, IngestMeters meters) {
    this.routes = settings.routes().stream().collect(Collectors.groupingBy(IngestRoute::channel));
    this.maxBytes = settings.maxMessageBytes();
    this.rate = new TokenBucket(settings.maxRate(), settings.maxRate(), System.nanoTime());
    this.shards = shards;
    this.log = log;
    this.meters = meters;
  }

  void take(Message message) {
    if (!shards.isMine(message.channel())) {
      return;
    }
    if (!rate.take(System.nanoTime())) {
      meters.message(Outcome.DROPPED);
      return;
    }
    RawJson content = content(message);
    if (content == null) {
      meters.message(Outcome.POISONOUS);
      return;
    }
    for (IngestRoute route : routes.getOrDefault(message.subscription(), List.of())) {
      Fact event = new Fact.Custom(route.topic(), content);
      log.publishEphemeral(route.tenant(), List.of(event), null);
    }
    meters.message(Outcome.PUBLISHED);
  }

  private @Nullable RawJson content(Message message) {
    if (message.payload().length() > maxBytes) {
      complain(message, "it has more than " + maxBytes + " bytes");
      return null;
    }
    try {
      return StrictJson.raw(StrictJson.object(StrictJson.text(message.payload().getBytes())));
    } catch (CharacterCodingException notUtf8) {
      complain(message, "it is not UTF-8");
    } catch (FaultException notJson) {
      complain(message, "it is not one JSON object");
    }
    return null;
  }

  /// Once per channel. The message itself may hold secrets and is not logged.
  private void complain(Message message, String why) {
    if (complained.size() < MAX_COMPLAINTS && complained.add(message.channel())) {
      LOG.warn("messages of channel {} are skipped: {}", message.channel(), why);
    }
  }
}
