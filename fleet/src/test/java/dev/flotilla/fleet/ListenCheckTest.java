package dev.flotilla.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class ListenCheckTest {
  private static final String HOST = "127.0.0.1";

  @Test
  void askingWhetherSomebodyListensIsNeverInTheWayOfWhoWantsTo() throws Exception {
    int port = ListenCheck.free(HOST);
    AtomicBoolean asking = new AtomicBoolean(true);
    Thread asks =
        Thread.startVirtualThread(
            () -> {
              while (asking.get()) {
                ListenCheck.isTaken(HOST, port);
              }
            });
    try {
      for (int i = 0; i < 500; i++) {
        assertThatCode(() -> new ServerSocket(port, 1, InetAddress.getLoopbackAddress()).close())
            .doesNotThrowAnyException();
      }
    } finally {
      asking.set(false);
      asks.join();
    }
  }

  @Test
  void aPortIsTakenWhileSomebodyListens() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertThat(ListenCheck.isTaken(HOST, server.getLocalPort())).isTrue();
    }
    assertThat(ListenCheck.isTaken(HOST, ListenCheck.free(HOST))).isFalse();
  }
}
