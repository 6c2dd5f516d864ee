package dev.flotilla.gateway;

import java.time.Duration;

/// A gateway as tests want it: two loops, and feeds that end soon after their last session.
public final class TestGateway {
  private TestGateway() {}

  public static GatewayVerticle of(Wiring wiring) {
    return new GatewayVerticle(wiring, 2, Duration.ofMillis(100));
  }
}
