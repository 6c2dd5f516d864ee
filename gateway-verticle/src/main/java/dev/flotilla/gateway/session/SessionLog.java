package dev.flotilla.gateway.session;

import dev.flotilla.fault.Fault;
import dev.flotilla.fault.FaultException;
import dev.flotilla.fault.Reason;
import dev.flotilla.gateway.wire.Encoding;
import dev.flotilla.identity.Ids;
import dev.flotilla.identity.Principal;
import dev.flotilla.telemetry.LogKeys;
import java.time.Clock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;

/// A session's log lines: one when it connects, one when it ends, and what should not have
/// happened. Never a token, never what a frame says.
final class SessionLog {
  private static final Logger LOG = LoggerFactory.getLogger(Session.class);

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

  private LoggingEventBuilder line(Level level) {
    LoggingEventBuilder line =
        LOG.atLevel(level)
            .addKeyValue(LogKeys.SESSION, session)
            .addKeyValue(LogKeys.DIALECT, dialect);
    return tenant == null ? line : line.addKeyValue(LogKeys.TENANT, tenant);
  }
}
