package dev.flotilla.registry.link.openclaw;

import com.fasterxml.jackson.databind.JsonNode;
import dev.flotilla.dispatch.RunCancel;
import dev.flotilla.dispatch.RunOrder;
import dev.flotilla.dispatch.RunState;
import dev.flotilla.dispatch.RunText;
import dev.flotilla.dispatch.RunTextAsk;
import dev.flotilla.registry.link.LinkListener;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The runs that a link carries, and those that ended lately.
///
/// A run is started once. Whenever it is not known whether it was (another owner may have started
/// it, the connection was lost, the instance restarted) the session's records on the instance are
/// read first, and only a session that has never seen the run gets it again. The instance's own
/// idempotency keys would not do: it forgets them when it restarts, and resumes interrupted runs by
/// itself under other ids.
final class Runs implements Follower.Home {
  private static final Logger LOG = LoggerFactory.getLogger(Runs.class);
  private static final Duration REMEMBERED = Duration.ofMinutes(10);
  private static final Duration TEXT_REMEMBERED = Duration.ofSeconds(30);
  private static final Duration ANSWER_LIMIT = Duration.ofSeconds(30);
  private static final Duration GRACE = Duration.ofSeconds(60);

  private final Map<String, Run> byId = new HashMap<>();
  private final Clock clock;
  private final LinkListener listener;
  private final Follower follower;
  private final Reporter reporter;
  private @Nullable Connection connection;
  private String whyNot = "the link is being made";
  private boolean untried = true;

  Runs(Vertx vertx, Clock clock, LinkListener listener) {
    this.clock = clock;
    this.listener = listener;
    this.follower = new Follower(vertx, clock, listener, this);
    this.reporter = new Reporter(listener);
  }

  RunState ensure(RunOrder order) {
    Run known = byId.get(order.runId());
    if (known != null) {
      if (known.renew(order) && !known.over()) {
        reporter.again(known);
      }
      return state(known);
    }
    Connection up = connection;
    if (up == null) {
      return order.mayExist() ? unreachable() : new RunState.Refused(whyNot);
    }
    Run run = new Run(order, clock.instant());
    byId.put(order.runId(), run);
    if (order.mayExist()) {
      follower.follow(run);
    } else {
      start(run, up);
    }
    return state(run);
  }

  private RunState state(Run run) {
    RunState end = run.endState();
    if (end != null) {
      return end;
    }
    return connection == null ? unreachable() : new RunState.Going();
  }

  private RunState unreachable() {
    return new RunState.Unreachable(whyNot, untried);
  }

  Future<RunState> cancel(RunCancel cancel) {
    Connection up = connection;
    Run run = byId.get(cancel.runId());
    if (run != null && !run.over()) {
      run.cancel();
      if (up != null) {
        abort(up, run.sessionKey(), run.currentId());
      }
      return Future.succeededFuture(state(run));
    }
    if (run != null) {
      return Future.succeededFuture(state(run));
    }
    return up == null ? Future.succeededFuture(unreachable()) : new Stopper(up).stopUnknown(cancel);
  }

  /// Ends the runs of a conversation, also those that the instance has taken but not begun: they
  /// are no conversation's business there yet.
  ///
  /// @param runId the only one that is meant; null for all
  /// @return under which ids they were ordered
  List<String> stop(String sessionKey, @Nullable String runId) {
    Connection up = connection;
    List<Run> meant =
        open().stream()
            .filter(run -> run.isIn(sessionKey))
            .filter(run -> runId == null || run.isKnownAs(runId))
            .toList();
    for (Run run : meant) {
      run.cancel();
      if (up != null) {
        abort(up, run.sessionKey(), run.currentId());
      }
    }
    return meant.stream().map(run -> run.order().runId()).toList();
  }

  Future<RunText> text(RunTextAsk ask) {
    Run run = byId.get(ask.runId());
    if (run != null) {
      return Future.succeededFuture(run.speech.text(run.order().attempt()));
    }
    Connection up = connection;
    return up == null
        ? Future.succeededFuture(RunText.unknown(ask.attempt()))
        : Reporter.unheardOf(ask, up);
  }

  private static void abort(Connection up, String sessionKey, String runId) {
    new Stopper(up).stop(sessionKey, runId);
  }

  /// Listens to the session before the run starts, so that its first words are heard.
  @Override
  public void start(Run run, Connection up) {
    run.begin(clock.instant());
    run.speech.nothingMore();
    Follower.subscribe(run, up)
        .onComplete(
            done -> {
              if (run.over() || up != connection) {
                return;
              }
              if (run.cancelled()) {
                end(run, new RunState.Aborted("the run was cancelled before it began"));
                return;
              }
              if (done.failed()) {
                LOG.info("no output from {}: {}", run.sessionKey(), done.cause().getMessage());
              }
              run.sent();
              up.converse("agent", request(run.order()), reply -> answered(run, up, reply));
            });
  }

  private static Object request(RunOrder order) {
    return Map.of(
        "message", order.prompt(),
        "sessionKey", order.sessionKey(),
        "idempotencyKey", order.runId(),
        "timeout", Math.max(1, order.timeoutMs() / 1000));
  }

  /// @return true when no further answer to the same request is to come
  private boolean answered(Run run, Connection up, Reply reply) {
    if (run.over()) {
      return true;
    }
    RpcFailure failure = reply.failure();
    if (failure != null) {
      failed(run, failure);
      return true;
    }
    switch (reply.payload().path("status").asText("")) {
      case "accepted" -> {
        run.enter(Run.Phase.ATTACHED);
        run.namedSession(reply.payload().path("sessionKey").asText(run.sessionKey()));
        if (run.cancelled()) {
          abort(up, run.sessionKey(), run.currentId());
        }
        return false;
      }
      case "in_flight" -> {
        run.enter(Run.Phase.FOLLOWED);
        follower.lookLater(run);
      }
      default -> told(run, Outcomes.of(reply.payload()));
    }
    return true;
  }

  private void failed(Run run, RpcFailure failure) {
    if (run.phase() == Run.Phase.ATTACHED && !failure.leavesDoubt()) {
      told(run, Outcomes.failed(Outcomes.FAILED, failure.inWords()));
    } else if (run.phase() == Run.Phase.STARTING && !failure.leavesDoubt()) {
      refused(run, failure);
    }
  }

  /// Only the refusal of the first request proves that the run never began: of a repeated one, the
  /// first may still wait in the instance. Then the records tell, sooner or later.
  private void refused(Run run, RpcFailure failure) {
    if (run.sentBefore()) {
      LOG.info("run {}: asked again, refused: {}", run.order().runId(), failure.inWords());
      run.enter(Run.Phase.FOLLOWED);
      follower.lookLater(run);
    } else {
      boolean senseless = failure.code().equals("INVALID_REQUEST");
      end(
          run,
          run.cancelled()
              ? new RunState.Aborted("the run was cancelled before it began")
              : senseless
                  ? new RunState.Failed("RUN_REJECTED", failure.inWords(), false)
                  : new RunState.Refused(failure.inWords()));
    }
  }

  /// Success, and an abort that was asked for, are final. Any other end may be the instance's way
  /// to say that it restarts, so its records have the last word.
  private void told(Run run, RunState state) {
    if (state instanceof RunState.Succeeded
        || (state instanceof RunState.Aborted && run.cancelled())) {
      end(run, state);
    } else {
      run.hear(state);
      follower.follow(run);
    }
  }

  @Override
  public void end(Run run, RunState state) {
    follower.rest(run);
    run.end(state, clock.instant());
    Connection up = connection;
    if (up != null && byId.values().stream().noneMatch(other -> shares(other, run))) {
      up.request("sessions.messages.unsubscribe", Map.of("key", run.order().sessionKey()));
    }
    listener.ended(run.order(), state);
  }

  @Override
  public void going(Run run, Finding.Going going) {
    reporter.goesOn(run, going);
  }

  private static boolean shares(Run other, Run run) {
    return !other.over() && other.sessionKey().equals(run.sessionKey());
  }

  /// The link is up: every run that has not ended is looked for.
  void connected(Connection up) {
    connection = up;
    follower.connected(up);
    open().forEach(follower::follow);
  }

  void disconnected(String why) {
    connection = null;
    untried = false;
    whyNot = why;
    follower.disconnected();
    open().forEach(follower::rest);
  }

  void event(String name, JsonNode payload) {
    switch (StreamEvent.of(name, payload)) {
      case StreamEvent.Text(StreamEvent.Source source, String text) ->
          concerned(source).forEach(run -> reporter.says(run, source.runId(), text));
      case StreamEvent.Turn turn ->
          concerned(turn.run()).forEach(run -> reporter.does(run, turn.doing()));
      case StreamEvent.Settled settled ->
          concerned(settled.run()).stream()
              .filter(run -> run.phase() == Run.Phase.FOLLOWED)
              .forEach(follower::look);
      case StreamEvent.Other _ -> {}
    }
  }

  /// The run of that id; or the one in that session which goes on under an id not yet known.
  private List<Run> concerned(StreamEvent.Source source) {
    Run exact = byId.get(source.runId());
    if (exact != null) {
      return exact.over() ? List.of() : List.of(exact);
    }
    List<Run> inSession =
        open().stream()
            .filter(run -> run.phase() == Run.Phase.FOLLOWED)
            .filter(run -> run.sessionKey().equals(source.sessionKey()))
            .toList();
    return inSession.size() == 1
        ? inSession
        : inSession.stream().filter(run -> run.currentId().equals(source.runId())).toList();
  }

  /// Events are gone that may have told of an end; the records tell it, too.
  void missed() {
    open().forEach(follower::look);
  }

  private List<Run> open() {
    return byId.values().stream().filter(run -> !run.over()).toList();
  }

  int running() {
    return open().size();
  }

  /// Forgets runs that ended long ago and stops those that outstay their time.
  void tick() {
    Instant now = clock.instant();
    byId.values().removeIf(run -> run.endedBefore(now.minus(REMEMBERED)));
    byId.values().stream()
        .filter(run -> run.endedBefore(now.minus(TEXT_REMEMBERED)))
        .forEach(run -> run.speech.forget());
    Connection up = connection;
    for (Run run : open()) {
      Instant limit = run.since.plusMillis(run.order().timeoutMs()).plus(GRACE);
      if (up != null && run.cancelled() && run.phase() != Run.Phase.STARTING) {
        // What has not begun when it is stopped may begin all the same.
        abort(up, run.sessionKey(), run.currentId());
      }
      if (up != null && run.unanswered(now.minus(ANSWER_LIMIT))) {
        follower.follow(run);
      } else if (up != null && now.isAfter(limit)) {
        abort(up, run.sessionKey(), run.currentId());
        end(run, Outcomes.failed(Outcomes.TIMEOUT, "the run took longer than it may"));
      }
    }
  }

  /// The instance is gone for good: nobody will ever tell how its runs ended.
  void abandon(String why) {
    Connection up = connection;
    for (Run run : open()) {
      if (up != null) {
        abort(up, run.sessionKey(), run.currentId());
      }
      end(run, Outcomes.failed("INSTANCE_REMOVED", why));
    }
  }
}
