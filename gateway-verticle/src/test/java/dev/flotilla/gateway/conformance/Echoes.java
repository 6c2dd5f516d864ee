package dev.flotilla.gateway.conformance;

import dev.flotilla.gateway.fixture.Gateways;
import dev.flotilla.gateway.fixture.RawSocket;
import java.util.List;
import java.util.Map;

/// A gateway that has the echo dialect beside its own.
record Echoes(Gateways gateways) implements AutoCloseable {

  /// @param soft the largest message that is echoed, in bytes
  /// @param hard the largest that leaves the session open
  static Echoes start(int soft, int hard, Map<String, String> settings) {
    Gateways[] made = new Gateways[1];
    EchoDialect echo =
        new EchoDialect(EchoDialect.upTo(soft, hard), () -> made[0].token(Gateways.ACME));
    made[0] = Gateways.start(settings, List.of(echo));
    return new Echoes(made[0]);
  }

  int port() {
    return gateways.port();
  }

  /// @param headers lines of the upgrade request
  RawSocket open(String... headers) {
    return RawSocket.opened(port(), EchoDialect.PATH, headers);
  }

  @Override
  public void close() {
    gateways.close();
  }
}
