package dev.flotilla.gateway.session;

import dev.flotilla.fault.Fault;
import dev.flotilla.gateway.dialect.control.ServerFrame;
import dev.flotilla.gateway.feed.Gap;
import dev.flotilla.gateway.feed.Post;
import dev.flotilla.gateway.hub.Receiver;
import dev.flotilla.gateway.meter.GatewayMeters;
import dev.flotilla.gateway.wire.TextFrame;
import dev.flotilla.identity.Ids;

/// All that one session sends, within its bounds: a reader so slow that more than the limit waits
/// for it loses ephemeral events first, and then the connection, but never a durable event alone.
final class Sender implements Receiver {
  private final Edge edge;
  private final Outlet outlet;
  private final Runnable tooSlow;
  private final long limit;
  private boolean ended;

  Sender(Edge edge, Outlet outlet, Runnable tooSlow) {
    this.edge = edge;
    this.outlet = outlet;
    this.tooSlow = tooSlow;
    this.limit = edge.config().maxQueuedBytes();
  }

  void send(ServerFrame frame) {
    send(frame.encode());
  }

  void answer(String requestId, Fault fault, String correlationId) {
    send(ServerFrame.refused(requestId, fault, correlationId, edge.now()));
  }

  /// An error that belongs to no request.
  void error(Fault fault) {
    meters().protocolError(fault.reason());
    send(ServerFrame.error(fault, Ids.next(edge.clock()), edge.now()));
  }

  void ping() {
    outlet.ping();
  }

  /// Nothing is sent any more.
  void end(int code, String reason) {
    ended = true;
    outlet.close(code, reason);
  }

  void abort() {
    outlet.abort();
  }

  @Override
  public void durable(Post post) {
    if (send(post.frame())) {
      meters().durableDelivered();
    }
  }

  @Override
  public void ephemeral(Post post) {
    if (backedUp()) {
      meters().ephemeralDropped();
    } else if (send(post.frame())) {
      meters().ephemeralDelivered();
    }
  }

  @Override
  public void missed(Gap gap) {
    send(ServerFrame.gap(gap, edge.now()));
  }

  @Override
  public boolean backedUp() {
    return ended || outlet.queued() > limit / 2;
  }

  @Override
  public void whenDrained(Runnable action) {
    if (!ended) {
      outlet.whenBelow(limit / 4, action);
    }
  }

  private boolean send(TextFrame frame) {
    if (!ended && outlet.queued() > limit) {
      outlet.flush(); // A burst of one turn says nothing about the reader.
      if (outlet.queued() > limit) {
        tooSlow.run();
      }
    }
    if (ended) {
      return false;
    }
    outlet.write(frame);
    meters().frameSent();
    return true;
  }

  private GatewayMeters meters() {
    return edge.meters();
  }
}
