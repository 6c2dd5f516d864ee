package dev.flotilla.gateway.session;

import dev.flotilla.gateway.meter.Tally;
import io.netty.buffer.ByteBuf;
import io.netty.channel.WriteBufferWaterMark;
import io.vertx.core.Context;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Flushes the connections of one event loop: each that was written to once per turn, however much
/// was written. And looks after those whose peers do not take what they are sent.
final class Flusher {
  private final Context loop;
  private final Collection<Tally> tallies;
  private final WriteBufferWaterMark waterMark;
  private final List<WriteQueue> written = new ArrayList<>();
  private final Set<WriteQueue> behind = new HashSet<>();
  private final long timer;
  private final List<ByteBuf> handed = new ArrayList<>();
  private Run start = Run.start();
  private boolean scheduled;

  /// @param maxQueuedBytes a socket with half of that waiting is behind, until a quarter waits
  /// @param sendTimeout how long a send may make no progress before it has failed
  Flusher(Context loop, Collection<Tally> tallies, int maxQueuedBytes, Duration sendTimeout) {
    this.loop = loop;
    this.tallies = tallies;
    this.waterMark = new WriteBufferWaterMark(maxQueuedBytes / 4, maxQueuedBytes / 2);
    this.timer = loop.owner().setPeriodic(sendTimeout.toMillis(), _ -> checkProgress());
  }

  WriteBufferWaterMark waterMark() {
    return waterMark;
  }

  void add(WriteQueue queue) {
    written.add(queue);
    if (!scheduled) {
      scheduled = true;
      loop.runOnContext(_ -> flush());
    }
  }

  /// The run with which every connection begins the turn.
  Run start() {
    return start;
  }

  /// At the end of the turn.
  void release(ByteBuf shared) {
    handed.add(shared);
  }

  void watch(WriteQueue queue) {
    behind.add(queue);
  }

  void stop() {
    loop.owner().cancelTimer(timer);
  }

  private void flush() {
    // What is flushed may make room, and who waited for it write again: the list may grow.
    for (int i = 0; i < written.size(); i++) {
      written.get(i).flush();
    }
    written.clear();
    scheduled = false;
    handed.forEach(ByteBuf::release);
    handed.clear();
    start = Run.start();
  }

  private void checkProgress() {
    tallies.forEach(Tally::nothingQueued);
    List.copyOf(behind)
        .forEach(
            queue -> {
              if (!queue.checkProgress()) {
                behind.remove(queue);
              }
            });
  }
}
