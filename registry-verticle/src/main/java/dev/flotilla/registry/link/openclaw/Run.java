package dev.flotilla.registry.link.openclaw;

import dev.flotilla.dispatch.RunOrder;
import dev.flotilla.dispatch.RunState;
import dev.flotilla.registry.link.Doing;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// One run of the fleet on the instance, as the link remembers it.
final class Run {
  enum Phase {
    /// Sent to the instance, which has not answered.
    STARTING,
    /// The instance has taken it and will answer on this connection.
    ATTACHED,
    /// Nobody will tell the end of it: the session's records have to be read.
    FOLLOWED,
    ENDED
  }

  final Instant since;
  final Speech speech;
  private RunOrder order;
  private Phase phase = Phase.STARTING;
  private Instant startedAt;
  private @Nullable String sessionKey;
  private @Nullable Connection heardOn;
  private @Nullable String resumedAs;
  private @Nullable RunState end;
  private @Nullable Instant endedAt;
  private @Nullable Instant unclearSince;
  private @Nullable RunState heard;
  private boolean cancelled;
  private boolean reading;
  private @Nullable Doing doing;
  private int sends;
  int polls;
  long timer = -1;

  Run(RunOrder order, Instant since) {
    this.order = order;
    this.since = since;
    this.speech = new Speech(order.mayExist());
    this.startedAt = since;
  }

  RunOrder order() {
    return order;
  }

  /// The newest order names the attempt and the holder that events and the end go to.
  ///
  /// @return true for another attempt than before
  boolean renew(RunOrder newer) {
    boolean another = newer.attempt() > order.attempt();
    if (another || newer.attempt() == order.attempt()) {
      order = newer;
    }
    return another;
  }

  Phase phase() {
    return phase;
  }

  void begin(Instant now) {
    phase = Phase.STARTING;
    startedAt = now;
  }

  /// True where the instance has been asked to start it before the limit and has said nothing.
  boolean unanswered(Instant limit) {
    return phase == Phase.STARTING && startedAt.isBefore(limit);
  }

  /// The instance is asked to start it, again perhaps.
  void sent() {
    sends++;
  }

  /// True where an earlier request may still be on its way through the instance.
  boolean sentBefore() {
    return sends > 1;
  }

  void enter(Phase next) {
    phase = next;
  }

  boolean over() {
    return phase == Phase.ENDED;
  }

  /// The name of the session on the instance, once it has told it.
  String sessionKey() {
    return sessionKey == null ? order.sessionKey() : sessionKey;
  }

  void namedSession(String key) {
    sessionKey = key;
  }

  /// True where this connection gets the session's events, and the session's name is known by it.
  boolean heardOn(Connection connection) {
    return heardOn == connection;
  }

  void hearOn(Connection connection, String key) {
    heardOn = connection;
    sessionKey = key;
  }

  /// The id under which the instance runs it now.
  String currentId() {
    return resumedAs == null ? order.runId() : resumedAs;
  }

  /// By the fleet's name of the conversation, or the instance's.
  boolean isIn(String conversation) {
    return conversation.equals(order.sessionKey()) || conversation.equals(sessionKey);
  }

  boolean isKnownAs(String id) {
    return id.equals(order.runId()) || id.equals(resumedAs);
  }

  void runsAs(@Nullable String id) {
    if (id != null) {
      resumedAs = id;
    }
  }

  boolean cancelled() {
    return cancelled;
  }

  void cancel() {
    cancelled = true;
  }

  /// True for whoever may read the records now; give it back with [#readDone].
  boolean claimReading() {
    boolean free = !reading;
    reading = true;
    return free;
  }

  void readDone() {
    reading = false;
  }

  /// An end that the instance has told but that its records may correct: a run that a restart cuts
  /// off answers with an error and is resumed all the same.
  @Nullable RunState heard() {
    return heard;
  }

  void hear(RunState told) {
    heard = told;
  }

  /// When its records began to be unclear.
  Instant unclear(Instant now) {
    if (unclearSince == null) {
      unclearSince = now;
    }
    return unclearSince;
  }

  void clear() {
    unclearSince = null;
  }

  /// True where it did something else before.
  boolean turns(Doing next) {
    boolean turns = !next.equals(doing);
    doing = next;
    return turns;
  }

  boolean isSeen() {
    return doing != null;
  }

  void end(RunState state, Instant now) {
    phase = Phase.ENDED;
    end = state;
    endedAt = now;
  }

  @Nullable RunState endState() {
    return end;
  }

  boolean endedBefore(Instant limit) {
    return endedAt != null && endedAt.isBefore(limit);
  }
}
