package dev.flotilla.gateway.session;

import dev.flotilla.contract.TopicPattern;
import dev.flotilla.gateway.feed.Gap;
import dev.flotilla.gateway.feed.Post;
import dev.flotilla.gateway.feed.Rendition;
import dev.flotilla.gateway.hub.Receiver;
import dev.flotilla.gateway.meter.Tally;
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

    void tooSlow();
  }

  private final Rendition rendition;
  private final Outlet outlet;
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
      Outlet outlet,
      Tally tally,
      Listener listener,
      int maxBytes,
      int maxFrames) {
    this.rendition = rendition;
    this.outlet = outlet;
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

  boolean send(Frame frame) {
    if (!ended && !parting && full()) {
      outlet.flush(); // A burst of one turn says nothing about the reader.
      if (full()) {
        listener.tooSlow();
      }
    }
    if (ended) {
      return false;
    }
    tally.sent(outlet.write(frame));
    return true;
  }

  void ping() {
    outlet.ping();
  }

  /// Of the pings of a peer that does not read, the last one is answered, when it does.
  void pong(byte[] payload) {
    if (outlet.backedUp()) {
      unanswered = payload;
    } else if (!ended) {
      outlet.write(Frame.pong(payload));
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

  /// Nothing is sent any more.
  void end() {
    ended = true;
  }

  void end(int code, String reason) {
    end();
    outlet.close(code, reason);
  }

  /// Nothing is sent any more, nor heard.
  void fail(int code, String reason) {
    end();
    outlet.fail(code, reason);
  }

  void abort() {
    outlet.abort();
  }

  @Override
  public void durable(Post post) {
    Frame frame = post.frame(rendition);
    if (frame != null && listener.wants(post) && send(frame)) {
      tally.durable();
    }
  }

  @Override
  public void ephemeral(Post post) {
    Frame frame = post.frame(rendition);
    if (frame == null || !listener.wants(post)) {
      return;
    }
    if (backedUp()) {
      tally.dropped();
    } else if (send(frame)) {
      tally.ephemeral();
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
  public boolean backedUp() {
    return ended || outlet.backedUp();
  }

  @Override
  public void whenDrained(Runnable action) {
    if (!ended) {
      whenDrained = action;
    }
  }

  private boolean full() {
    return outlet.queuedBytes() > maxBytes || outlet.queuedFrames() > maxFrames;
  }
}
