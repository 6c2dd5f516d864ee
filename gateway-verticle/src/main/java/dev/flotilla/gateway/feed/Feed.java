package dev.flotilla.gateway.feed;

import dev.flotilla.gateway.meter.GatewayMeters;
import dev.flotilla.identity.TenantId;
import dev.flotilla.log.Event;
import dev.flotilla.log.EventBatch;
import dev.flotilla.log.Head;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One tenant's events on this node. Confined to the node's feed context.
///
/// The bus may lose, repeat and reorder batches. The feed holds the seq of the newest event that
/// it has told. The next one is told at once; older ones are dropped; one that is further on waits
/// in `ahead` for those before it. Batches of several nodes overtake each other all the time, so
/// the hole mostly fills by itself, and soon; if it does not, the log is read from the feed's seq
/// to the head. The same happens when a head shows that the tail is missing. So listeners see every
/// seq once and in order, or are told what is missing for good. A read that fails changes nothing:
/// the next head check tries again.
final class Feed {
  static final int PAGE = Page.MAX_POSTS;
  private static final long RING_BYTES = 8 << 20;
  private static final int MAX_EARLY = 200;
  private static final Logger LOG = LoggerFactory.getLogger(Feed.class);

  private final TenantId tenant;
  private final LogView log;
  private final GatewayMeters meters;
  private final Ring ring;
  private final Executor soon;
  private final List<Consumer<Signal>> listeners = new ArrayList<>();
  private final NavigableMap<Long, Event> ahead = new TreeMap<>();
  private final List<EventBatch> early = new ArrayList<>();
  private final List<Post> told = new ArrayList<>();
  private @Nullable Position position;
  private boolean asking;
  private boolean watching;

  /// @param soon runs a task on the feed's context when a hole has had its time to fill by itself
  Feed(TenantId tenant, LogView log, GatewayMeters meters, int ringEvents, Executor soon) {
    this.tenant = tenant;
    this.log = log;
    this.meters = meters;
    this.ring = new Ring(ringEvents, RING_BYTES);
    this.soon = soon;
  }

  /// The listener hears [Signal.Opened] first, at once or as soon as the log's head is known.
  void add(Consumer<Signal> listener) {
    listeners.add(listener);
    if (position != null) {
      listener.accept(new Signal.Opened(position));
    }
  }

  void remove(Consumer<Signal> listener) {
    listeners.remove(listener);
  }

  boolean idle() {
    return listeners.isEmpty();
  }

  /// Looks at the log's head and reads what is missing. Also the way to start.
  void check() {
    if (asking) {
      return;
    }
    asking = true;
    Position before = position;
    long awaited = ahead.isEmpty() ? 0 : ahead.lastKey();
    Future<@Nullable Head> head =
        before == null
            ? log.head(tenant).map(found -> found)
            : log.heads(List.of(tenant)).map(heads -> heads.get(tenant));
    head.onComplete(
        found -> {
          asking = false;
          if (before == null) {
            start(found);
          } else if (found != null) {
            meet(found, before, awaited);
          }
        },
        this::failed);
  }

  /// A head that somebody else has read; `before` is where the feed was when the question was put.
  void meet(Head head, Position before) {
    if (!asking) {
      meet(head, before, 0);
    }
  }

  @Nullable Position position() {
    return position;
  }

  void hear(EventBatch batch) {
    Position here = position;
    if (here == null) {
      if (early.size() < MAX_EARLY) {
        early.add(batch);
      }
      return;
    }
    // Batches of ephemeral events name no log.
    boolean sameLog = batch.epoch().isEmpty() || batch.epoch().equals(here.epoch());
    for (Event event : batch.events()) {
      Long seq = event.seq();
      if (seq == null) {
        told.add(new Post(event, here.epoch()));
      } else if (sameLog) {
        place(seq, event);
      }
    }
    tell();
    if (!sameLog) {
      check();
    } else if (!ahead.isEmpty() && !watching) {
      watchHole();
    }
  }

  private void watchHole() {
    Position before = position;
    watching = true;
    soon.execute(
        () -> {
          watching = false;
          if (ahead.isEmpty()) {
            return;
          }
          if (Objects.equals(position, before)) {
            check();
          } else {
            // That one has filled, and there is another one.
            watchHole();
          }
        });
  }

  /// The events after a seq, from the ring where it reaches back so far, else from the log.
  Future<Page> page(long after, long upTo) {
    Position here = position;
    String epoch = here == null ? "" : here.epoch();
    if (ring.covers(after)) {
      return Future.succeededFuture(Page.of(ring.read(after, upTo), true, upTo));
    }
    meters.backfilled();
    return log.read(tenant, after, upTo, PAGE).map(events -> page(events, epoch, upTo));
  }

  private static Page page(List<Event> events, String epoch, long upTo) {
    Iterator<Post> posts = events.stream().map(event -> new Post(event, epoch)).iterator();
    return Page.of(posts, events.size() < PAGE, upTo);
  }

  private void start(@Nullable Head head) {
    if (head == null) {
      return;
    }
    Position opened = new Position(head.epoch(), head.seq());
    position = opened;
    listeners.forEach(listener -> listener.accept(new Signal.Opened(opened)));
    List<EventBatch> waiting = List.copyOf(early);
    early.clear();
    waiting.forEach(this::hear);
  }

  private void meet(Head head, Position before, long awaited) {
    Position here = position;
    if (here == null) {
      return;
    }
    if (!head.epoch().equals(here.epoch())) {
      restart(head, Gap.Cause.EPOCH_CHANGED);
    } else if (head.seq() < before.seq()) {
      restart(head, Gap.Cause.AHEAD_OF_HEAD);
    } else if (head.seq() > here.seq()) {
      read(here, head.seq());
    } else if (awaited > head.seq()) {
      // They were heard before the head was read, so the log should have them.
      LOG.warn("{} events of {} are not in its log", ahead.size(), tenant);
      ahead.headMap(awaited, true).clear();
    } else if (!ahead.isEmpty()) {
      check();
    }
  }

  private void read(Position from, long upTo) {
    asking = true;
    meters.backfilled();
    log.read(tenant, from.seq(), upTo, PAGE)
        .onComplete(
            events -> {
              asking = false;
              fill(page(events, from.epoch(), upTo));
              goOn(upTo);
            },
            this::failed);
  }

  private void goOn(long upTo) {
    Position here = position;
    if (here != null && here.seq() < upTo) {
      read(here, upTo);
    } else if (!ahead.isEmpty()) {
      check();
    }
  }

  private void fill(Page page) {
    Position here = position;
    if (here == null) {
      return;
    }
    for (Post post : page.posts()) {
      skipTo(post.seq() - 1);
      accept(post);
    }
    skipTo(page.upTo());
    drainAhead();
    tell();
  }

  /// Seqs that a page should have had but has not are gone for good.
  private void skipTo(long seq) {
    Position here = position;
    if (here != null && seq > here.seq()) {
      tell();
      Gap gap = Gap.removed(here.seq() + 1, seq, here.epoch());
      position = gap.position();
      listeners.forEach(listener -> listener.accept(new Signal.Missed(gap)));
    }
  }

  private void place(long seq, Event event) {
    Position here = position;
    if (here == null || seq <= here.seq()) {
      return;
    }
    if (seq == here.seq() + 1) {
      accept(new Post(event, here.epoch()));
      drainAhead();
    } else {
      ahead.put(seq, event);
      if (ahead.size() > PAGE) {
        ahead.pollLastEntry();
      }
    }
  }

  private void drainAhead() {
    for (Map.Entry<Long, Event> next = ahead.firstEntry();
        next != null && position != null && next.getKey() <= position.seq() + 1;
        next = ahead.firstEntry()) {
      ahead.pollFirstEntry();
      accept(new Post(next.getValue(), position.epoch()));
    }
  }

  private void accept(Post post) {
    Position here = position;
    if (here != null && post.seq() == here.seq() + 1) {
      position = here.at(post.seq());
      ring.add(post);
      told.add(post);
    }
  }

  private void tell() {
    if (!told.isEmpty()) {
      Signal posts = new Signal.Posts(List.copyOf(told));
      told.clear();
      listeners.forEach(listener -> listener.accept(posts));
    }
  }

  private void restart(Head head, Gap.Cause cause) {
    LOG.warn("the log of {} is another one now: {}", tenant, cause.wireName());
    ring.clear();
    ahead.clear();
    Gap gap = Gap.unknown(cause, new Position(head.epoch(), head.seq()));
    position = gap.position();
    listeners.forEach(listener -> listener.accept(new Signal.Missed(gap)));
  }

  private void failed(Throwable failure) {
    asking = false;
    LOG.debug("the log of {} cannot be read", tenant, failure);
  }
}
