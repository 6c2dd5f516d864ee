package dev.flotilla.gateway.dialect.work;

import dev.flotilla.gateway.feed.Position;
import dev.flotilla.gateway.feed.Post;
import dev.flotilla.gateway.session.Line;
import dev.flotilla.gateway.wire.Frame;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The events of one turn of the loop, for a client that takes several in one message.
final class Bundle {
  private final Line line;
  private final SessionMessages messages;
  private final WorkEvents events;
  private final List<byte[]> waiting = new ArrayList<>(0);
  private boolean open;

  /// The last durable one of those that wait.
  private @Nullable Position upTo;

  Bundle(Line line, SessionMessages messages, WorkEvents events) {
    this.line = line;
    this.messages = messages;
    this.events = events;
  }

  void open(boolean wanted) {
    open = wanted;
  }

  /// True where the event will go with the bundle. Ephemeral ones that a slow client does not get
  /// do not come here.
  boolean takes(Post post) {
    if (!open) {
      return false;
    }
    byte[] message = events.encode(post.event(), post.epoch());
    if (message != null) {
      if (waiting.isEmpty()) {
        line.edge().loop().runOnContext(_ -> flush());
      }
      waiting.add(message);
      if (post.durable()) {
        upTo = new Position(post.epoch(), post.seq());
      }
    }
    return true;
  }

  /// What waits goes out before anything that is about it. The session may have ended meanwhile.
  void flush() {
    if (waiting.size() == 1) {
      line.send(Frame.binary(waiting.getFirst()));
    } else if (!waiting.isEmpty()) {
      line.send(Frame.binary(messages.batch(waiting, upTo)));
    }
    waiting.clear();
    upTo = null;
  }
}
