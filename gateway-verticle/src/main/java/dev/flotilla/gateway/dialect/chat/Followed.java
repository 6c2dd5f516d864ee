package dev.flotilla.gateway.dialect.chat;

import dev.flotilla.contract.Fact;
import dev.flotilla.contract.Result.LiveText;
import dev.flotilla.contract.Result.LogPosition;
import dev.flotilla.contract.Result.ThreadHistory;
import dev.flotilla.gateway.feed.Gap;
import dev.flotilla.gateway.feed.Position;
import dev.flotilla.gateway.feed.Post;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// One thread as one session follows it: nothing is missing, nothing comes twice, all is in order.
///
/// Before the history is asked for, the session is subscribed; from then until the answer has been
/// sent, events are held. Those that the history contains are left out: durable ones by its
/// position in the log, pieces of text by what they say. With a position to resume from, durable
/// events come from the log first, and the history after them, because pieces of text come only
/// once the stream is live. A piece behind a hole (the bus has lost one, or the reader was too slow
/// for it) makes the thread ask for the text again: chunks that a client gets always add up to the
/// whole.
final class Followed {
  /// Events held for a thread, at most; a hole that this makes is healed.
  static final int MAX_HELD = 1000;

  private static final long PAUSE = Duration.ofSeconds(1).toNanos();
  private static final int ONE_MESSAGE = 1;

  /// The session that follows.
  interface Client {
    /// @param limit messages, null for the usual number
    Future<ThreadHistory> ask(@Nullable Integer limit);

    void deliver(Post post);

    void history(ThreadHistory history);

    /// Instead of the pieces that are missing: all of them.
    void text(LiveText whole);

    void missed(Gap gap);

    /// There is no history to begin with.
    void failed(Throwable failure);

    /// It is not followed any more, and its history has not come yet.
    void overtaken();
  }

  private enum State {
    /// The stream is not live yet.
    CATCHING_UP,
    ASKING,
    LIVE,
    CLOSED
  }

  private final Client client;
  private final LongSupplier nanos;
  private final @Nullable Integer limit;
  private final boolean resumes;
  private final Heard heard = new Heard();
  private final Deque<Post> held = new ArrayDeque<>();
  private State state = State.CATCHING_UP;
  private boolean begun;
  private boolean lost;
  private long upTo;
  private long healAt;
  private int asked;

  /// @param upTo durable events up to this seq are not for this client
  /// @param resumes true where the durable events after it are to come before the history
  Followed(Client client, LongSupplier nanos, @Nullable Integer limit, long upTo, boolean resumes) {
    this.client = client;
    this.nanos = nanos;
    this.limit = limit;
    this.upTo = upTo;
    this.resumes = resumes;
    this.healAt = nanos.getAsLong();
  }

  /// Events come from now on, and no history before them.
  static Followed withoutHistory(Client client, LongSupplier nanos, long upTo) {
    Followed followed = new Followed(client, nanos, null, upTo, false);
    followed.begun = true;
    followed.state = State.LIVE;
    return followed;
  }

  /// The stream is live.
  ///
  /// @param passedBy true where it was not, for a while, so that pieces of text may have passed by
  void live(boolean passedBy) {
    boolean asking = state == State.ASKING;
    boolean missing = asking || (state == State.LIVE && heard.running());
    if (state == State.CATCHING_UP || (passedBy && asking && !begun)) {
      ask(limit);
    } else if (passedBy && missing) {
      ask(ONE_MESSAGE);
    }
  }

  /// True where the event is to be sent now.
  boolean wants(Post post) {
    if (post.durable() && post.seq() <= upTo) {
      return false;
    }
    return switch (state) {
      case CATCHING_UP -> {
        if (resumes && post.durable()) {
          yield admits(post);
        }
        hold(post);
        yield false;
      }
      case ASKING -> {
        hold(post);
        yield false;
      }
      case LIVE -> admits(post);
      case CLOSED -> false;
    };
  }

  /// The session does not follow it any more.
  void close() {
    boolean waited = !begun && state != State.CLOSED;
    asked++;
    held.clear();
    state = State.CLOSED;
    if (waited) {
      client.overtaken();
    }
  }

  /// What the session could not get is missing here, too.
  void missed(Gap gap) {
    if (gap.reason() == Gap.Cause.RETENTION) {
      upTo = Math.max(upTo, gap.position().seq());
    } else {
      upTo = gap.position().seq();
      held.removeIf(Post::durable); // Of another log.
    }
  }

  /// From time to time: makes good what was lost and could not be healed when that was seen.
  void tick() {
    if (lost && state == State.LIVE) {
      heal();
    }
  }

  private void hold(Post post) {
    if (post.durable() || held.size() < MAX_HELD) {
      held.add(post);
    }
  }

  private boolean admits(Post post) {
    if (post.durable()) {
      upTo = post.seq();
    }
    return switch (post.fact()) {
      case Fact.TaskChanged changed -> {
        follow(changed);
        yield true;
      }
      case Fact.TaskOutput piece -> takes(post, piece);
      default -> true;
    };
  }

  private void follow(Fact.TaskChanged changed) {
    switch (changed.change()) {
      case RUNNING -> heard.begun(changed.task().id(), changed.task().attempt());
      case SCHEDULED, QUEUED, RETRYING, SUCCEEDED, FAILED, DEAD, CANCELLED, EXPIRED, PURGED -> {
        heard.ended(changed.task().id(), changed.task().attempt());
        lost = lost && heard.running();
      }
      case OUTPUT -> {}
    }
  }

  private boolean takes(Post post, Fact.TaskOutput piece) {
    return switch (heard.take(piece)) {
      case NEW -> true;
      case KNOWN -> false;
      case AFTER_A_HOLE -> {
        lost = true;
        if (mayHeal()) {
          held.addFirst(post);
          heal();
        }
        yield false;
      }
    };
  }

  /// Not more often than every so often: what a slow reader cannot take must not become more.
  private boolean mayHeal() {
    return nanos.getAsLong() - healAt >= 0;
  }

  private void heal() {
    healAt = nanos.getAsLong() + PAUSE;
    ask(ONE_MESSAGE);
  }

  private void ask(@Nullable Integer messages) {
    state = State.ASKING;
    int question = ++asked;
    client
        .ask(messages)
        .onComplete(
            answer -> {
              if (question == asked) {
                answered(answer);
              }
            },
            failure -> {
              if (question == asked) {
                failed(failure);
              }
            });
  }

  private void answered(ThreadHistory history) {
    LiveText live = history.live();
    if (!begun) {
      begun = true;
      reach(history.position());
      client.history(history);
      if (live != null) {
        heard.told(live);
      }
    } else if (live == null || !live.partial()) {
      lost = false;
      if (live != null && heard.told(live)) {
        client.text(live);
      }
    }
    goOn();
  }

  private void failed(Throwable failure) {
    if (begun) {
      lost = true;
      goOn();
    } else {
      state = State.CLOSED;
      client.failed(failure);
    }
  }

  /// Everything up to there is in the history.
  private void reach(@Nullable LogPosition at) {
    if (at == null) {
      return;
    }
    if (!resumes) {
      upTo = Math.max(upTo, at.seq());
    } else if (upTo > at.seq()) {
      upTo = at.seq();
      client.missed(Gap.unknown(Gap.Cause.AHEAD_OF_HEAD, new Position(at.epoch(), at.seq())));
    } else {
      for (Iterator<Post> each = held.iterator(); each.hasNext(); ) {
        Post post = each.next();
        if (post.durable() && post.seq() <= at.seq()) {
          each.remove();
          offer(post);
        }
      }
    }
  }

  /// Sends what is held, in order, unless a piece of it shows another hole.
  private void goOn() {
    state = State.LIVE;
    while (state == State.LIVE && !held.isEmpty()) {
      offer(held.removeFirst());
    }
  }

  private void offer(Post post) {
    boolean known = post.durable() && post.seq() <= upTo;
    if (!known && admits(post)) {
      client.deliver(post);
    }
  }
}
