package dev.flotilla.gateway.feed;

import dev.flotilla.identity.TenantId;
import dev.flotilla.log.Event;
import dev.flotilla.log.EventBatch;
import dev.flotilla.log.Head;
import dev.flotilla.wire.RawJson;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Supplier;

/// One tenant's log in memory. It looks when it is asked and answers when the test says so, as a
/// database does whose answers take their time.
final class FakeLog implements LogView {
  private final TenantId tenant = new TenantId("acme");
  private final NavigableMap<Long, Event> events = new TreeMap<>();
  private final List<Runnable> answers = new ArrayList<>();
  private final List<Runnable> failures = new ArrayList<>();
  private String epoch = "e1";
  private long head;
  private RawJson payload = new RawJson("{}");

  /// From now on each event has a payload of so many characters.
  void weighEach(int size) {
    payload = RawJson.of("x".repeat(size));
  }

  EventBatch append(int count) {
    EventBatch batch = batch(head + 1, count);
    batch.events().forEach(event -> events.put(seq(event), event));
    head += count;
    return batch;
  }

  EventBatch batch(long first, int count) {
    List<Event> batch = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      batch.add(FeedTest.event(first + i, payload));
    }
    return new EventBatch(tenant, epoch, batch);
  }

  long head() {
    return head;
  }

  void removeUpTo(long seq) {
    events.headMap(seq, true).clear();
  }

  void truncate(long seq) {
    events.tailMap(seq, false).clear();
    head = seq;
  }

  void reset(String newEpoch) {
    events.clear();
    head = 0;
    epoch = newEpoch;
  }

  int asked() {
    return answers.size();
  }

  /// The oldest question gets its answer.
  void answerOne(boolean fail) {
    if (!answers.isEmpty()) {
      Runnable answer = answers.removeFirst();
      Runnable failure = failures.removeFirst();
      (fail ? failure : answer).run();
    }
  }

  void answerAll() {
    while (!answers.isEmpty()) {
      answerOne(false);
    }
  }

  void failAll() {
    int open = answers.size();
    for (int i = 0; i < open; i++) {
      answerOne(true);
    }
  }

  @Override
  public Future<Head> head(TenantId of) {
    return ask(() -> new Head(epoch, head, 0));
  }

  @Override
  public Future<Map<TenantId, Head>> heads(Collection<TenantId> of) {
    return ask(() -> Map.of(tenant, new Head(epoch, head, 0)));
  }

  @Override
  public Future<List<Event>> read(TenantId of, long after, long upTo, int limit) {
    return ask(
        () -> events.subMap(after, false, upTo, true).values().stream().limit(limit).toList());
  }

  private <T> Future<T> ask(Supplier<T> look) {
    Promise<T> promise = Promise.promise();
    T seen = look.get();
    answers.add(() -> promise.complete(seen));
    failures.add(() -> promise.fail("the database is away"));
    return promise.future();
  }

  private static long seq(Event event) {
    Long seq = event.seq();
    return seq == null ? 0 : seq;
  }
}
