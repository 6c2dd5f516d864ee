package dev.flotilla.gateway.auth;

import dev.flotilla.fault.Fault;
import dev.flotilla.fault.FaultException;
import dev.flotilla.fault.Reason;
import dev.flotilla.identity.Principal;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tickets: what browsers put in a URL in a token's place, since URLs end up in logs. Each is good
/// for a moment, and once over all nodes: Redis hands what lies under it out and forgets it in one
/// step.
public final class Tickets {
  private static final Logger LOG = LoggerFactory.getLogger(Tickets.class);
  private static final String PREFIX = "flotilla:ticket:";
  private static final Pattern SHAPE = Pattern.compile("[A-Za-z0-9_-]{43}");
  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);
  private static final long ANSWER_MS = 2_000;

  /// @param expiresAt it is no good from then on
  public record Issued(String ticket, Instant expiresAt) {}

  private final Vertx vertx;
  private final Redis redis;
  private final Duration lifetime;
  private final Clock clock;

  public Tickets(Vertx vertx, Redis redis, Duration lifetime, Clock clock) {
    this.vertx = vertx;
    this.redis = redis;
    this.lifetime = lifetime;
    this.clock = clock;
  }

  /// A new ticket for a token that has been verified.
  ///
  /// @param holder whom the token proves: a ticket does not outlive it
  public Future<Issued> issue(String token, Principal holder) {
    Instant now = clock.instant();
    Instant end = now.plus(lifetime);
    Instant expiresAt = holder.expiresAt().isBefore(end) ? holder.expiresAt() : end;
    long millis = Math.max(1, Duration.between(now, expiresAt).toMillis());
    String ticket = Seal.newTicket();
    return send(Request.cmd(Command.SET)
            .arg(PREFIX + Seal.name(ticket))
            .arg(Buffer.buffer(Seal.close(ticket, token)))
            .arg("PX")
            .arg(millis))
        .map(_ -> new Issued(ticket, expiresAt));
  }

  /// The token that lies under the ticket, which is no good from now on.
  public Future<String> redeem(String ticket) {
    if (!SHAPE.matcher(ticket).matches()) {
      return Future.failedFuture(invalid());
    }
    return send(Request.cmd(Command.GETDEL).arg(PREFIX + Seal.name(ticket)))
        .map(stored -> open(ticket, stored));
  }

  private static String open(String ticket, @Nullable Response stored) {
    if (stored == null) {
      throw invalid();
    }
    try {
      return Seal.open(ticket, stored.toBytes());
    } catch (IllegalArgumentException tampered) {
      LOG.warn("what lies under a ticket in Redis was not put there by this fleet");
      throw invalid();
    }
  }

  /// The answer comes on the caller's context.
  private Future<@Nullable Response> send(Request request) {
    Context caller = vertx.getOrCreateContext();
    Promise<@Nullable Response> answer = Promise.promise();
    redis
        .send(request)
        .timeout(ANSWER_MS, TimeUnit.MILLISECONDS)
        .recover(failure -> Future.failedFuture(away(failure)))
        .onComplete(done -> caller.runOnContext(_ -> answer.handle(done)));
    return answer.future();
  }

  private static FaultException away(Throwable failure) {
    LOG.debug("Redis did not answer about a ticket", failure);
    return Fault.unavailable("The store of tickets", RETRY_AFTER).asException();
  }

  private static FaultException invalid() {
    return Fault.of(Reason.TICKET_INVALID, "The ticket is unknown, used or over.").asException();
  }
}
