package dev.flotilla.gateway.hub;

import dev.flotilla.contract.Topic;
import dev.flotilla.contract.TopicPattern;
import dev.flotilla.fault.Fault;
import dev.flotilla.gateway.feed.Feeds;
import dev.flotilla.gateway.feed.Gap;
import dev.flotilla.gateway.feed.Page;
import dev.flotilla.gateway.feed.Position;
import dev.flotilla.gateway.feed.Post;
import dev.flotilla.gateway.meter.GatewayMeters;
import dev.flotilla.identity.TenantId;
import dev.flotilla.log.Head;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One session's way through its tenant's events.
///
/// Live, it takes what the audience hears. After a rewind it is behind: it takes nothing live, but
/// reads the log page by page from its own cursor until that has reached the audience's position,
/// and only then, in one turn of the loop, becomes live. So nothing is skipped, repeated or out of
/// order, and a socket that cannot keep up pauses the reading instead of filling memory.
public final class Stream {
  private static final Duration RETRY_AFTER = Duration.ofMillis(500);
  private static final long RETRY_MS = 250;

  private enum Mode {
    LIVE,
    BEHIND
  }

  private final Audience audience;
  private final Feeds feeds;
  private final Receiver receiver;
  private final GatewayMeters meters;
  private final Context loop;
  private final Set<Topic> topics = new TreeSet<>(Comparator.comparing(Topic::name));
  private final int maxMatches;
  private Set<TopicPattern> patterns = Set.of();
  private Set<Topic> matched = Set.of();
  private Mode mode = Mode.LIVE;

  /// Behind: everything up to it has been taken. Live: the same, where it is after the audience.
  private long cursor;

  private final List<Runnable> awaitingLive = new ArrayList<>(0);
  private @Nullable Gap untold;
  private @Nullable Post last;
  private boolean reading;
  private boolean closed;
  private int rewinds;

  /// @param maxMatches how many topics its patterns may match, together
  Stream(
      Audience audience,
      Feeds feeds,
      Receiver receiver,
      GatewayMeters meters,
      Context loop,
      int maxMatches) {
    this.maxMatches = maxMatches;
    this.audience = audience;
    this.feeds = feeds;
    this.receiver = receiver;
    this.meters = meters;
    this.loop = loop;
  }

  /// Completes when the tenant's log has been read for the first time.
  public Future<Position> opened() {
    return audience.opened();
  }

  public Set<Topic> topics() {
    return Collections.unmodifiableSet(topics);
  }

  public Set<TopicPattern> patterns() {
    return Collections.unmodifiableSet(patterns);
  }

  public void subscribePatterns(Collection<TopicPattern> wanted) {
    wanted.forEach(pattern -> audience.want(pattern, this));
    Set<TopicPattern> more = new TreeSet<>(Comparator.comparing(TopicPattern::name));
    more.addAll(patterns);
    more.addAll(wanted);
    patterns = more;
  }

  public void unsubscribePatterns(Collection<TopicPattern> unwanted) {
    unwanted.forEach(pattern -> audience.drop(pattern, this));
    Set<TopicPattern> less = new TreeSet<>(Comparator.comparing(TopicPattern::name));
    less.addAll(patterns);
    less.removeAll(unwanted);
    patterns = less;
    matched = Set.of();
  }

  public void subscribe(Collection<Topic> wanted) {
    wanted.forEach(topic -> audience.want(topic, this));
    topics.addAll(wanted);
  }

  public void unsubscribe(Collection<Topic> unwanted) {
    unwanted.forEach(topic -> audience.drop(topic, this));
    topics.removeAll(unwanted);
  }

  /// Everything of the topics up to here has been taken; null while the log has not been read yet.
  public @Nullable Position position() {
    Position head = audience.position();
    if (head == null) {
      return null;
    }
    return mode == Mode.BEHIND ? head.at(cursor) : head.at(Math.max(cursor, head.seq()));
  }

  /// Where the audience is, or UNAVAILABLE while that is not known.
  public Position head() {
    Position head = audience.position();
    if (head == null) {
      throw Fault.unavailable("The event log", RETRY_AFTER).asException();
    }
    return head;
  }

  /// The stream starts again after that position. [#proceed] sets it going.
  public void rewind(Position since) {
    Position head = head();
    rewinds++;
    untold = null;
    if (since.epoch().equals(head.epoch())) {
      mode = Mode.BEHIND;
      cursor = since.seq();
    } else {
      skip(Gap.Cause.EPOCH_CHANGED, head);
    }
  }

  /// Runs the action, in a turn of its own, once the stream is live.
  public void whenLive(Runnable action) {
    awaitingLive.add(action);
    if (mode == Mode.LIVE) {
      tellLive();
    }
  }

  /// To be called once the answer to the request that moved the stream has been written.
  public void proceed() {
    Gap gap = untold;
    if (gap != null) {
      untold = null;
      receiver.missed(gap);
    }
    advance();
  }

  Audience audience() {
    return audience;
  }

  void close() {
    closed = true;
  }

  /// A bug in one session's delivery must not end that of the others.
  void offer(Post post) {
    try {
      take(post);
    } catch (RuntimeException bug) {
      receiver.broken(bug);
    }
  }

  private void take(Post post) {
    if (post == last || mode == Mode.BEHIND || closed) {
      return;
    }
    last = post;
    if (!post.durable()) {
      receiver.ephemeral(post);
    } else if (post.seq() > cursor) {
      receiver.durable(post);
    }
  }

  /// The topic is one that a pattern of the stream matches.
  void offer(Post post, Topic topic) {
    offer(post);
    if (matched.isEmpty()) {
      matched = new HashSet<>();
    }
    if (matched.add(topic) && matched.size() == maxMatches + 1) {
      // Not in the middle of a delivery, which walks the audience.
      loop.runOnContext(_ -> dropPatterns());
    }
  }

  private void dropPatterns() {
    if (!closed) {
      Set<TopicPattern> dropped = Set.copyOf(patterns);
      unsubscribePatterns(dropped);
      receiver.tooWide(dropped);
    }
  }

  private boolean wants(Post post) {
    for (Topic topic : post.topics()) {
      if (topics.contains(topic)) {
        return true;
      }
      for (TopicPattern pattern : patterns) {
        if (pattern.matches(topic)) {
          return true;
        }
      }
    }
    return false;
  }

  private boolean wantsNothing() {
    return topics.isEmpty() && patterns.isEmpty();
  }

  void missed(Gap gap) {
    if (gap.reason() == Gap.Cause.RETENTION && mode == Mode.BEHIND) {
      return; // It will come across the hole by itself.
    }
    boolean awaited = mode == Mode.BEHIND || untold != null;
    rewinds++;
    live();
    cursor = 0;
    untold = null;
    if (!wantsNothing()) {
      receiver.missed(gap);
    } else if (awaited) {
      untold = gap;
    }
  }

  private void advance() {
    if (closed || reading || mode == Mode.LIVE || wantsNothing()) {
      return;
    }
    long end = head().seq();
    if (cursor == end) {
      live();
      meters.resumed(true);
    } else if (receiver.backedUp()) {
      receiver.whenDrained(this::advance);
    } else if (cursor < end) {
      read(feeds.page(tenant(), cursor, end), this::takePage);
    } else {
      read(feeds.head(tenant()), this::compare);
    }
  }

  private <T> void read(Future<T> reading, Consumer<T> next) {
    this.reading = true;
    int asked = rewinds;
    reading.onComplete(
        found -> {
          this.reading = false;
          if (asked == rewinds && !closed) {
            try {
              next.accept(found);
            } catch (RuntimeException bug) {
              receiver.broken(bug);
            }
          }
          advance();
        },
        _ -> loop.owner().setTimer(RETRY_MS, _ -> retry()));
  }

  private void retry() {
    reading = false;
    advance();
  }

  private void takePage(Page page) {
    for (Post post : page.posts()) {
      if (receiver.backedUp()) {
        return; // The rest is read again later.
      }
      reach(post.seq() - 1);
      cursor = post.seq();
      if (wants(post)) {
        receiver.durable(post);
      }
    }
    reach(page.upTo());
  }

  /// Seqs that should have been in a page but were not are gone for good.
  private void reach(long seq) {
    if (seq > cursor) {
      receiver.missed(Gap.removed(cursor + 1, seq, head().epoch()));
      meters.resumed(false);
      cursor = seq;
    }
  }

  /// The client has seen events that this node had not when it asked. Usually the node is a moment
  /// late. It may have gone past the client since: then the stream goes on reading.
  private void compare(Head log) {
    Position head = head();
    if (log.epoch().equals(head.epoch()) && log.seq() >= cursor) {
      if (head.seq() <= cursor) {
        live();
        meters.resumed(true);
      }
    } else {
      skip(Gap.Cause.AHEAD_OF_HEAD, head);
      proceed();
    }
  }

  private void skip(Gap.Cause cause, Position head) {
    live();
    cursor = 0;
    untold = Gap.unknown(cause, head);
    meters.resumed(false);
  }

  private void live() {
    mode = Mode.LIVE;
    tellLive();
  }

  private void tellLive() {
    if (!awaitingLive.isEmpty()) {
      loop.runOnContext(_ -> runAwaiting());
    }
  }

  private void runAwaiting() {
    if (mode == Mode.LIVE && !closed) {
      List<Runnable> due = List.copyOf(awaitingLive);
      awaitingLive.clear();
      due.forEach(Runnable::run);
    }
  }

  private TenantId tenant() {
    return audience.tenant();
  }
}
