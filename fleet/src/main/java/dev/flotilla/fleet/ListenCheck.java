package dev.flotilla.fleet;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.ThreadLocalRandom;

/// Ports that this process is about to listen on.
public final class ListenCheck {
  private static final int LOWEST = 20_000;
  private static final int HIGHEST = 32_000;
  private static final int TRIES = 200;
  private static final int CONNECT_MS = 1_000;

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

  /// Whether somebody listens. It is found out by connecting: a probe that listens itself would at
  /// times be in the way of the server that is waited for.
  public static boolean isTaken(String host, int port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(host, port), CONNECT_MS);
      return true;
    } catch (IOException refused) {
      return false;
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

  /// A port that stays free until somebody asks for it: outside the range that the system hands out
  /// to outgoing connections, which could take it between two starts of a server.
  public static int free(String host) throws IOException {
    for (int tries = 0; tries < TRIES; tries++) {
      int port = ThreadLocalRandom.current().nextInt(LOWEST, HIGHEST);
      if (isFree(host, port)) {
        return port;
      }
    }
    throw new IOException("no free port between " + LOWEST + " and " + HIGHEST);
  }

  private static void probe(String host, int port) throws IOException {
    new ServerSocket(port, 1, InetAddress.getByName(host)).close();
  }
}
