package dev.flotilla.registry.link.openclaw;

import com.fasterxml.jackson.databind.JsonNode;
import dev.flotilla.config.FleetConfig;
import dev.flotilla.contract.InstanceState;
import dev.flotilla.contract.LinkStatus;
import dev.flotilla.contract.LinkView;
import dev.flotilla.contract.PeerCommand;
import dev.flotilla.contract.PeerResult;
import dev.flotilla.dispatch.RunCancel;
import dev.flotilla.dispatch.RunOrder;
import dev.flotilla.dispatch.RunState;
import dev.flotilla.dispatch.RunText;
import dev.flotilla.dispatch.RunTextAsk;
import dev.flotilla.egress.Egress;
import dev.flotilla.fault.Fault;
import dev.flotilla.fault.Reason;
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
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The link to one OpenClaw gateway: dials, watches, dials again.
public final class OpenClawLink implements Link {
  private static final Logger LOG = LoggerFactory.getLogger(OpenClawLink.class);
  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);
  private static final RandomGenerator RANDOM = () -> ThreadLocalRandom.current().nextLong();

  private final Vertx vertx;
  private final Clock clock;
  private final Endpoint endpoint;
  private final LinkListener listener;
  private final Dialer dialer;
  private final Redial redial;
  private final Runs runs;
  private final Pulse pulse;
  private final LoadReader loads;
  private final PeerTalk talk;
  private final Duration steady;

  private InstanceState state = InstanceState.STARTING;
  private String reason = "the link is being made";
  private Instant since;
  private Instant connectedAt;
  private LinkView view = LinkView.of(LinkStatus.CONNECTING);
  private @Nullable String version;
  private @Nullable String bootId;
  private Dialer.@Nullable Line line;
  private long retry = -1;
  private boolean closed;

  private OpenClawLink(
      Vertx vertx,
      Clock clock,
      Endpoint endpoint,
      NodeId node,
      FleetConfig.Registry config,
      Egress egress,
      LinkListener listener) {
    this.vertx = vertx;
    this.clock = clock;
    this.endpoint = endpoint;
    this.listener = listener;
    this.steady = config.reconnectMax();
    this.dialer =
        new Dialer(
            vertx,
            egress,
            endpoint.url(),
            ConnectRequest.of(endpoint, node.value(), config.instanceScopes()),
            config.requestTimeout());
    this.redial = new Redial(config.reconnectMin(), config.reconnectMax(), RANDOM);
    this.pulse = new Pulse(config.health().hangAfter());
    this.loads = new LoadReader(config.loadInterval(), clock, RANDOM);
    this.runs = new Runs(vertx, clock, listener);
    this.talk = new PeerTalk(endpoint.instance(), config.callMethods(), clock);
    this.since = clock.instant();
    this.connectedAt = since;
  }

  /// A link that has begun to connect. Call it on the context that is to own the link.
  public static Link open(
      Vertx vertx,
      Clock clock,
      Endpoint endpoint,
      NodeId node,
      FleetConfig.Registry config,
      Egress egress,
      LinkListener listener) {
    OpenClawLink link = new OpenClawLink(vertx, clock, endpoint, node, config, egress, listener);
    // Not before the caller has the link in hand: an address that makes no sense fails at once.
    vertx.runOnContext(_ -> link.dial());
    return link;
  }

  private void dial() {
    if (closed) {
      return;
    }
    dialer.dial(new Events(), this::lost).onComplete(this::welcomed, this::refused);
  }

  private void welcomed(Dialer.Line made) {
    Verdict verdict = Verdict.of(made.hello());
    if (closed || verdict.status() != LinkStatus.CONNECTED) {
      made.connection().close((short) 1000, "not usable");
      if (!closed) {
        tryLater(verdict);
      }
      return;
    }
    LOG.info("instance {} connected, boot {}", endpoint.instance(), made.hello().bootId());
    line = made;
    pulse.begin();
    loads.connected(made.connection());
    connectedAt = clock.instant();
    version = made.hello().version();
    view = verdict.view();
    noteBoot(made.hello().bootId());
    listener.connectTried(ConnectOutcome.CONNECTED);
    runs.connected(made.connection());
    suspension(made.hello().phase());
  }

  private void refused(Throwable failure) {
    if (!closed) {
      tryLater(Verdict.of(failure));
    }
  }

  /// What the instance kept in its memory only is gone: its keys, and the ids of its runs. The runs
  /// are looked for after every reconnect, so that nothing more has to be done for them.
  private void noteBoot(String boot) {
    String before = bootId;
    bootId = boot.isEmpty() ? before : boot;
    if (before != null && !boot.isEmpty() && !boot.equals(before)) {
      LOG.info("instance {} has restarted", endpoint.instance());
      listener.restarted();
    }
  }

  private void tryLater(Verdict verdict) {
    dialAfter(redial.after(verdict));
    listener.connectTried(verdict.outcome());
    runs.disconnected(verdict.words());
    boolean soon = verdict.outcome() == ConnectOutcome.NOT_YET;
    become(soon ? InstanceState.STARTING : InstanceState.DOWN, verdict.words(), verdict.view());
  }

  private void dialAfter(Duration wait) {
    vertx.cancelTimer(retry);
    retry = vertx.setTimer(Math.max(1, wait.toMillis()), _ -> dial());
  }

  private void lost(Connection connection, RpcFailure why) {
    Dialer.Line current = line;
    if (current == null || current.connection() != connection) {
      return;
    }
    line = null;
    if (connectedAt.plus(steady).isBefore(clock.instant())) {
      redial.succeeded();
    }
    Parting parting = Parting.of(why);
    if (!closed) {
      dialAfter(parting.comesBack() ? redial.afterNotYet() : redial.afterFailure());
    }
    LOG.info("instance {}: {}", endpoint.instance(), parting.words());
    loads.disconnected();
    runs.disconnected(parting.words());
    become(InstanceState.DOWN, parting.words(), LinkView.of(parting.status()));
  }

  private final class Events implements Connection.Listener {
    @Override
    public void event(String name, JsonNode payload) {
      switch (name) {
        case "gateway.suspension" -> suspension(payload.path("phase").asText(Hello.ACCEPTING));
        case "shutdown" ->
            become(InstanceState.DEGRADED, payload.path("reason").asText("stopping"), view);
        default -> runs.event(name, payload);
      }
    }

    @Override
    public void missed() {
      LOG.info("instance {} has dropped events", endpoint.instance());
      runs.missed();
    }
  }

  private void suspension(String phase) {
    if (phase.equals(Hello.ACCEPTING)) {
      become(InstanceState.READY, "connected", view);
    } else {
      become(InstanceState.DEGRADED, "the gateway takes no new work: " + phase, view);
    }
  }

  private void become(InstanceState next, String words, LinkView now) {
    if (state != next) {
      since = clock.instant();
    }
    boolean news = state != next || !reason.equals(words) || !view.equals(now);
    state = next;
    reason = words;
    view = now;
    if (news && !closed) {
      listener.changed();
    }
  }

  @Override
  public void tick() {
    Dialer.Line current = line;
    if (current != null) {
      RpcFailure why = pulse.check(current);
      if (why != null) {
        current.connection().lose();
        lost(current.connection(), why);
        current.connection().close((short) 4000, "tick timeout");
      } else if (state == InstanceState.READY) {
        become(state, pulse.inWords(), view);
      }
    }
    loads.tick();
    runs.tick();
  }

  @Override
  public Observation observation() {
    return new Observation(state, reason, since, version, runs.running(), view, loads.load());
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
  public Future<PeerResult> ask(PeerCommand command) {
    Dialer.Line current = line;
    if (current == null) {
      String words = "Instance '%s' is not connected: %s".formatted(endpoint.instance(), reason);
      return Future.failedFuture(
          Fault.retryLater(Reason.UNAVAILABLE, words, RETRY_AFTER).asException());
    }
    if (command instanceof PeerCommand.ChatAbort abort) {
      // First, so that an end that comes before the answer is known to be wanted.
      List<String> stopped = runs.stop(abort.key(), abort.runId());
      return talk.ask(current.connection(), command).map(said -> stopped(said, stopped));
    }
    return talk.ask(current.connection(), command);
  }

  /// The instance stops what it has begun; what it has only taken, the fleet knows.
  private static PeerResult stopped(PeerResult said, List<String> more) {
    return said instanceof PeerResult.ChatAborted done && !done.aborted() && !more.isEmpty()
        ? new PeerResult.ChatAborted(done.instance(), done.key(), true, more)
        : said;
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
    loads.disconnected();
    runs.disconnected("the link was closed");
    Future<Void> hungUp =
        current == null
            ? Future.succeededFuture()
            : current.connection().close((short) 1000, "closed by the fleet");
    return hungUp.eventually(dialer::close);
  }
}
