package dev.flotilla.registry.link.openclaw;

import com.fasterxml.jackson.databind.JsonNode;
import dev.flotilla.config.FleetConfig;
import dev.flotilla.contract.InstanceState;
import dev.flotilla.dispatch.RunCancel;
import dev.flotilla.dispatch.RunOrder;
import dev.flotilla.dispatch.RunState;
import dev.flotilla.dispatch.RunText;
import dev.flotilla.dispatch.RunTextAsk;
import dev.flotilla.identity.NodeId;
import dev.flotilla.registry.link.ConnectOutcome;
import dev.flotilla.registry.link.Endpoint;
import dev.flotilla.registry.link.Link;
import dev.flotilla.registry.link.LinkListener;
import dev.flotilla.registry.link.Observation;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The link to one OpenClaw gateway: dials, watches, dials again.
public final class OpenClawLink implements Link {
  private static final Logger LOG = LoggerFactory.getLogger(OpenClawLink.class);
  private static final RandomGenerator RANDOM = () -> ThreadLocalRandom.current().nextLong();

  private final Vertx vertx;
  private final Clock clock;
  private final Endpoint endpoint;
  private final LinkListener listener;
  private final Dialer dialer;
  private final Backoff backoff;
  private final Runs runs;

  private InstanceState state = InstanceState.STARTING;
  private String reason = "the link is being made";
  private Instant since;
  private @Nullable String version;
  private Dialer.@Nullable Line line;
  private long retry = -1;
  private boolean closed;

  private OpenClawLink(
      Vertx vertx,
      Clock clock,
      Endpoint endpoint,
      NodeId node,
      FleetConfig.Registry config,
      LinkListener listener) {
    this.vertx = vertx;
    this.clock = clock;
    this.endpoint = endpoint;
    this.listener = listener;
    this.dialer = new Dialer(vertx, endpoint, node.value(), config.requestTimeout());
    this.backoff = new Backoff(config.reconnectMin(), config.reconnectMax(), RANDOM);
    this.runs = new Runs(vertx, clock, listener);
    this.since = clock.instant();
  }

  /// A link that has begun to connect. Call it on the context that is to own the link.
  public static Link open(
      Vertx vertx,
      Clock clock,
      Endpoint endpoint,
      NodeId node,
      FleetConfig.Registry config,
      LinkListener listener) {
    OpenClawLink link = new OpenClawLink(vertx, clock, endpoint, node, config, listener);
    // Not before the caller has the link in hand: an address that makes no sense fails at once.
    vertx.runOnContext(_ -> link.dial());
    return link;
  }

  private void dial() {
    if (closed) {
      return;
    }
    dialer.dial(this::event, this::lost).onComplete(this::welcomed, this::refused);
  }

  private void welcomed(Dialer.Line made) {
    String problem = made.hello().problem();
    if (closed || problem != null) {
      made.connection().close((short) 1000, "not usable");
      if (problem != null) {
        tryLater(ConnectOutcome.REFUSED, problem, backoff.afterRefusal());
      }
      return;
    }
    LOG.info("instance {} connected, boot {}", endpoint.instance(), made.hello().bootId());
    backoff.succeeded();
    line = made;
    version = made.hello().version();
    listener.connectTried(ConnectOutcome.CONNECTED);
    runs.connected(made.connection());
    suspension(made.hello().phase());
  }

  private void refused(Throwable failure) {
    if (closed) {
      return;
    }
    String words = Dialer.inWords(failure);
    switch (outcome(failure)) {
      case REFUSED -> tryLater(ConnectOutcome.REFUSED, words, backoff.afterRefusal());
      case NOT_YET -> tryLater(ConnectOutcome.NOT_YET, words, backoff.afterNotYet());
      case ConnectOutcome other -> tryLater(other, words, backoff.afterFailure());
    }
  }

  /// A refusal is what will not change by itself; everything else is worth another try soon.
  private static ConnectOutcome outcome(Throwable failure) {
    if (!(failure instanceof RpcFailure rpc)) {
      return ConnectOutcome.UNREACHABLE;
    }
    return switch (rpc.code()) {
      case "INVALID_REQUEST", "NOT_PAIRED", "FORBIDDEN", "1002", "1008" -> ConnectOutcome.REFUSED;
      case "UNAVAILABLE", "1012", "1013" -> ConnectOutcome.NOT_YET;
      default -> ConnectOutcome.UNREACHABLE;
    };
  }

  private void tryLater(ConnectOutcome outcome, String words, Duration wait) {
    dialAfter(wait);
    listener.connectTried(outcome);
    runs.disconnected(words);
    become(outcome == ConnectOutcome.NOT_YET ? InstanceState.STARTING : InstanceState.DOWN, words);
  }

  private void dialAfter(Duration wait) {
    vertx.cancelTimer(retry);
    retry = vertx.setTimer(Math.max(1, wait.toMillis()), _ -> dial());
  }

  private void lost(Connection connection, String why) {
    Dialer.Line current = line;
    if (current == null || current.connection() != connection) {
      return;
    }
    line = null;
    if (!closed) {
      dialAfter(backoff.afterFailure());
    }
    LOG.info("instance {}: {}", endpoint.instance(), why);
    runs.disconnected(why);
    become(InstanceState.DOWN, why);
  }

  private void event(String name, JsonNode payload) {
    switch (name) {
      case "gateway.suspension" -> suspension(payload.path("phase").asText(Hello.ACCEPTING));
      case "shutdown" -> become(InstanceState.DEGRADED, payload.path("reason").asText("stopping"));
      default -> runs.event(name, payload);
    }
  }

  private void suspension(String phase) {
    if (phase.equals(Hello.ACCEPTING)) {
      become(InstanceState.READY, "connected");
    } else {
      become(InstanceState.DEGRADED, "the gateway takes no new work: " + phase);
    }
  }

  private void become(InstanceState next, String words) {
    if (state != next) {
      since = clock.instant();
    }
    boolean news = state != next || !reason.equals(words);
    state = next;
    reason = words;
    if (news && !closed) {
      listener.changed();
    }
  }

  @Override
  public void tick() {
    Dialer.Line current = line;
    if (current != null) {
      Duration limit = current.hello().tickInterval().multipliedBy(2);
      Duration silence = current.connection().silence();
      if (silence.compareTo(limit) > 0) {
        String why = "nothing was heard for " + silence.toMillis() + " ms";
        current.connection().lose();
        lost(current.connection(), why);
        current.connection().close((short) 4000, "tick timeout");
      }
    }
    runs.tick();
  }

  @Override
  public Observation observation() {
    return new Observation(state, reason, since, version, runs.running());
  }

  @Override
  public RunState ensure(RunOrder order) {
    return runs.ensure(order);
  }

  @Override
  public Future<RunState> cancel(RunCancel cancel) {
    return runs.cancel(cancel);
  }

  @Override
  public Future<RunText> text(RunTextAsk ask) {
    return runs.text(ask);
  }

  @Override
  public Future<Void> abandon() {
    runs.abandon("the instance was removed from the fleet");
    return close();
  }

  @Override
  public Future<Void> close() {
    closed = true;
    vertx.cancelTimer(retry);
    Dialer.Line current = line;
    line = null;
    runs.disconnected("the link was closed");
    Future<Void> hungUp =
        current == null
            ? Future.succeededFuture()
            : current.connection().close((short) 1000, "closed by the fleet");
    return hungUp.eventually(dialer::close);
  }
}
