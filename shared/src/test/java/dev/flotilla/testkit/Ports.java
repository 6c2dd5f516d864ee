package dev.flotilla.testkit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/// Ports that nobody listens on right now, each told once. They are below those that the system
/// gives to outgoing connections: one of them must not take the port before its server does.
public final class Ports {
  private static final int FIRST = 12_000;
  private static final int LAST = 20_000;
  private static final Set<Integer> TOLD = ConcurrentHashMap.newKeySet();

  private Ports() {}

  public static int free() {
    int port;
    do {
      port = ThreadLocalRandom.current().nextInt(FIRST, LAST);
    } while (!isFree(port) || !TOLD.add(port));
    return port;
  }

  private static boolean isFree(int port) {
    try (ServerSocket _ = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return true;
    } catch (IOException taken) {
      return false;
    }
  }
}
