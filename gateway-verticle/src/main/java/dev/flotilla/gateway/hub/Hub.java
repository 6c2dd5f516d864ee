package dev.flotilla.gateway.hub;

import dev.flotilla.gateway.feed.Feeds;
import dev.flotilla.gateway.feed.Signal;
import dev.flotilla.gateway.meter.GatewayMeters;
import dev.flotilla.identity.TenantId;
import io.vertx.core.Context;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/// All audiences of one event loop. Confined to it.
public final class Hub {
  private final Context loop;
  private final Feeds feeds;
  private final GatewayMeters meters;
  private final Map<TenantId, Seat> seats = new HashMap<>();

  private record Seat(Audience audience, Consumer<Signal> listener) {}

  public Hub(Context loop, Feeds feeds, GatewayMeters meters) {
    this.loop = loop;
    this.feeds = feeds;
    this.meters = meters;
  }

  /// @param maxMatches how many topics the patterns of the stream may match
  public Stream join(TenantId tenant, Receiver receiver, int maxMatches) {
    Audience audience = seats.computeIfAbsent(tenant, this::open).audience();
    Stream stream = new Stream(audience, feeds, receiver, meters, loop, maxMatches);
    audience.join(stream);
    return stream;
  }

  /// Never from inside a delivery: use a turn of its own.
  public void leave(Stream stream) {
    stream.close();
    Audience audience = stream.audience();
    audience.leave(stream);
    if (audience.isEmpty()) {
      Seat seat = seats.remove(audience.tenant());
      if (seat != null) {
        feeds.close(audience.tenant(), seat.listener());
      }
    }
  }

  private Seat open(TenantId tenant) {
    Audience audience = new Audience(tenant);
    Consumer<Signal> listener = new Mailbox(loop, audience::hear);
    feeds.open(tenant, listener);
    return new Seat(audience, listener);
  }
}
