package dev.flotilla.gateway.session;

import dev.flotilla.contract.TopicPattern;
import dev.flotilla.gateway.feed.Gap;
import dev.flotilla.gateway.feed.Post;
import dev.flotilla.gateway.feed.Rendition;
import dev.flotilla.gateway.hub.Receiver;
import dev.flotilla.gateway.meter.Tally;
import dev.flotilla.gateway.wire.Encoded;
import dev.flotilla.gateway.wire.Frame;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// All that one session sends, within its bounds: a reader so slow that more than the limits wait
/// for it loses ephemeral events first, and then the connection, but never a durable event alone.
final class Sender implements Receiver {

  /// What sending leads to.
  interface Listener {
    boolean wants(Post post);

    void missed(Gap gap);

    void tooWide(Set<TopicPattern> dropped);

    void broken(RuntimeException bug);

    /// @param unsent the event that found no room any more, if it was one
    void tooSlow(@Nullable Post unsent);
  }

  private final Rendition rendition;
  private final Transport transport;
  private final WriteQueue queue;
  private final Tally tally;
  private final Listener listener;
  private final int maxBytes;
  private final int maxFrames;
  private @Nullable Runnable whenDrained;
  private byte @Nullable [] unanswered;
  private boolean ended;
  private boolean parting;

  Sender(
      Rendition rendition,
      Transport transport,
      Tally tally,
      Listener listener,
      int maxBytes,
      int maxFrames) {
    this.rendition = rendition;
    this.transport = transport;
    this.queue = transport.queue();
    this.tally = tally;
    this.listener = listener;
    this.maxBytes = maxBytes;
    this.maxFrames = maxFrames;
  }

  /// What is sent in the action is sent even though too much waits.
  void lastWords(Runnable action) {
    parting = true;
    action.run();
  }

  boolean send(Encoded message) {
    return send(message, null);
  }

  private boolean send(Encoded message, @Nullable Post post) {
    if (!ended && !parting && full()) {
      queue.flush(); // A burst of one turn says nothing about the reader.
      if (full()) {
        listener.tooSlow(post);
      }
    }
    if (ended) {
      return false;
    }
    tally.sent(queue.write(message));
    return true;
  }

  /// Of the pings of a peer that does not read, the last one is answered, when it does.
  void pong(byte[] payload) {
    if (backedUp()) {
      unanswered = payload;
    } else if (!ended) {
      queue.write(Frame.pong(payload));
    }
  }

  /// The socket takes more again.
  void writable() {
    byte[] ping = unanswered;
    if (ping != null) {
      unanswered = null;
      pong(ping);
    }
    Runnable action = whenDrained;
    if (action != null && !backedUp()) {
      whenDrained = null;
      action.run();
    }
  }

  /// Nothing is sent any more but what was before.
  void end() {
    queue.flush();
    ended = true;
  }

  void end(int code, String reason) {
    end();
    transport.close(code, reason);
  }

  /// Nothing is sent any more, nor heard.
  void fail(int code, String reason) {
    end();
    transport.fail(code, reason);
  }

  void abort() {
    queue.abort();
  }

  /// Whoever kept it back wants it now.
  void deliver(Post post) {
    Encoded message = post.frame(rendition);
    if (message != null) {
      write(post, message);
    }
  }

  @Override
  public void durable(Post post) {
    Encoded message = post.frame(rendition);
    if (!ended && message != null && listener.wants(post)) {
      write(post, message);
    }
  }

  /// What is dropped is not asked after: who keeps account of what the client has sees a hole.
  @Override
  public void ephemeral(Post post) {
    Encoded message = post.frame(rendition);
    if (message == null) {
      return;
    }
    if (backedUp()) {
      tally.dropped();
    } else if (listener.wants(post)) {
      write(post, message);
    }
  }

  private void write(Post post, Encoded message) {
    if (send(message, post)) {
      if (post.durable()) {
        tally.durable(post);
      } else {
        tally.ephemeral(post);
      }
    }
  }

  @Override
  public void missed(Gap gap) {
    listener.missed(gap);
  }

  @Override
  public void tooWide(Set<TopicPattern> dropped) {
    listener.tooWide(dropped);
  }

  @Override
  public void broken(RuntimeException bug) {
    listener.broken(bug);
  }

  @Override
  public boolean backedUp() {
    return ended || queue.backedUp();
  }

  @Override
  public void whenDrained(Runnable action) {
    if (!ended) {
      whenDrained = action;
    }
  }

  private boolean full() {
    return queue.exceeds(maxBytes, maxFrames);
  }
}
