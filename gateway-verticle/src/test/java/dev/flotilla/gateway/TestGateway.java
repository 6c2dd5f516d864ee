package dev.flotilla.gateway;

import dev.flotilla.gateway.session.Dialect;
import java.time.Duration;
import java.util.List;

/// A gateway as tests want it: two loops, and feeds that end soon after their last session.
public final class TestGateway {
  private TestGateway() {}

  public static GatewayVerticle of(Wiring wiring, List<Dialect> more) {
    return new GatewayVerticle(wiring, 2, Duration.ofMillis(100), more);
  }
}
