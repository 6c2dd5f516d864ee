package dev.flotilla.gateway.session;

import dev.flotilla.gateway.meter.GatewayMeters;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// Where the sockets of a node wait until it is known whose they are. Its seats are numbered, so
/// that strangers cost bounded memory; who is admitted does not need one any more.
public final class Lobby {
  private final int seats;
  private final AtomicInteger taken = new AtomicInteger();

  public Lobby(int seats, GatewayMeters meters) {
    this.seats = seats;
    meters.unadmitted(taken);
  }

  /// Null where all seats are taken.
  public @Nullable Seat enter() {
    if (taken.incrementAndGet() > seats) {
      taken.decrementAndGet();
      return null;
    }
    return new Seat();
  }

  /// One socket's place, confined to the socket's event loop. Leaving it twice is leaving it once.
  public final class Seat {
    private boolean left;

    private Seat() {}

    public void leave() {
      if (!left) {
        left = true;
        taken.decrementAndGet();
      }
    }
  }
}
