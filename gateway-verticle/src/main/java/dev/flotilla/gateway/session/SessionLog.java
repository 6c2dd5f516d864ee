package dev.flotilla.gateway.session;

import dev.flotilla.contract.Topic;
import dev.flotilla.fault.Fault;
import dev.flotilla.fault.FaultCode;
import dev.flotilla.fault.FaultException;
import dev.flotilla.fault.Reason;
import dev.flotilla.gateway.feed.Post;
import dev.flotilla.gateway.meter.Backpressure;
import dev.flotilla.gateway.wire.Encoding;
import dev.flotilla.identity.Ids;
import dev.flotilla.identity.Principal;
import dev.flotilla.telemetry.LogKeys;
import java.time.Clock;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;

/// A session's log lines: one when it connects, one when it ends, and what should not have
/// happened. Never a token, never what a frame says.
final class SessionLog {
  private static final Logger LOG = LoggerFactory.getLogger(Session.class);

  private static final int MAX_TEXT = 512;

  private final String session;
  private final String dialect;
  private @Nullable String tenant;

  SessionLog(String session, Encoding dialect) {
    this.session = session;
    this.dialect = dialect.wireName();
  }

  void connected(Principal principal, @Nullable String client) {
    tenant = principal.tenant().value();
    line(Level.INFO)
        .log("connected: {} with {}", principal.user(), client == null ? "no name" : client);
  }

  void refused(Fault fault) {
    line(Level.INFO).log("refused: {}", fault.reason());
  }

  /// What a principal may not do is news; what a client got wrong is not.
  void refused(Refusal refusal) {
    boolean denied = refusal.fault().code() == FaultCode.AUTHORIZATION_FAILED;
    about(
            denied ? Level.INFO : Level.DEBUG,
            refusal.correlationId(),
            refusal.type(),
            refusal.subscription())
        .log("refused: {}", refusal.fault().reason());
  }

  /// @param unsent the event that found no room any more, if it was one
  /// @param subscribed what the session has
  void tooSlow(
      Backpressure cause, int frames, long bytes, @Nullable Post unsent, List<String> subscribed) {
    about(
            Level.INFO,
            unsent == null ? null : unsent.traceId(),
            unsent == null ? null : unsent.kind().wireName(),
            unsent == null ? String.join(",", subscribed) : names(unsent.topics()))
        .log("send failed ({}): {} messages, {} bytes wait", cause.wireName(), frames, bytes);
  }

  void closed(String code) {
    line(tenant == null ? Level.DEBUG : Level.INFO).log("closed: {}", code);
  }

  /// The fault in a failure. Anything else is a bug: logged here, and told with its incident id
  /// only.
  Fault fault(Throwable failure, Clock clock) {
    Fault known = FaultException.in(failure);
    if (known != null) {
      return known;
    }
    String incident = Ids.next(clock);
    line(Level.ERROR).setCause(failure).log("incident {} in a session", incident);
    return Fault.of(Reason.INTERNAL, "Something went wrong (incident " + incident + ").");
  }

  /// Clients may name a thousand.
  private static String shortened(String text) {
    return text.length() > MAX_TEXT ? text.substring(0, MAX_TEXT) + "..." : text;
  }

  private static String names(List<Topic> topics) {
    return topics.stream().map(Topic::name).collect(Collectors.joining(","));
  }

  private LoggingEventBuilder about(
      Level level,
      @Nullable String correlationId,
      @Nullable String type,
      @Nullable String subscription) {
    LoggingEventBuilder line = line(level);
    line = correlationId == null ? line : line.addKeyValue(LogKeys.CORRELATION_ID, correlationId);
    line = type == null ? line : line.addKeyValue(LogKeys.TYPE, type);
    return subscription == null
        ? line
        : line.addKeyValue(LogKeys.SUBSCRIPTION, shortened(subscription));
  }

  private LoggingEventBuilder line(Level level) {
    LoggingEventBuilder line =
        LOG.atLevel(level)
            .addKeyValue(LogKeys.SESSION, session)
            .addKeyValue(LogKeys.DIALECT, dialect);
    return tenant == null ? line : line.addKeyValue(LogKeys.TENANT, tenant);
  }
}
