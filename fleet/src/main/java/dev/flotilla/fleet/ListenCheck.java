package dev.flotilla.fleet;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/// Ports that this process is about to listen on.
public final class ListenCheck {
  private ListenCheck() {}

  /// Fails with a line that names the port. Later the port could still be taken; then the reason
  /// comes from the server that wanted it.
  public static void require(String host, int port, String remedy) throws StartFailure {
    if (port == 0) {
      return;
    }
    try {
      probe(host, port);
    } catch (IOException taken) {
      throw new StartFailure(
          StartFailure.RUNTIME,
          "cannot listen on %s:%d (%s); %s".formatted(host, port, taken.getMessage(), remedy),
          taken);
    }
  }

  public static boolean isFree(String host, int port) {
    try {
      probe(host, port);
      return true;
    } catch (IOException taken) {
      return false;
    }
  }

  public static int free(String host) throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName(host))) {
      return socket.getLocalPort();
    }
  }

  private static void probe(String host, int port) throws IOException {
    new ServerSocket(port, 1, InetAddress.getByName(host)).close();
  }
}
