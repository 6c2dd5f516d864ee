package dev.flotilla.fleet;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CopyOnWriteArrayList;

/// Asks a node how it is, again and again, each time over a new connection.
final class Knocking implements AutoCloseable {
  private static final byte[] ASK =
      "GET /health/ready HTTP/1.1\r\nHost: node\r\nConnection: close\r\n\r\n"
          .getBytes(StandardCharsets.US_ASCII);
  private static final int LIMIT_MS = 30_000;

  private final int port;
  private final Set<Integer> heard = new ConcurrentSkipListSet<>();
  private final List<String> refusals = new CopyOnWriteArrayList<>();
  private final Thread thread = Thread.ofPlatform().unstarted(this::knock);
  private volatile boolean over;

  Knocking(int port) {
    this.port = port;
  }

  void begin() {
    thread.start();
  }

  /// Status codes.
  Set<Integer> heard() {
    return Set.copyOf(heard);
  }

  /// What went wrong with a connection.
  List<String> refusals() {
    return List.copyOf(refusals);
  }

  private void knock() {
    while (!over) {
      try (Socket socket = new Socket()) {
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), LIMIT_MS);
        socket.setSoTimeout(LIMIT_MS);
        socket.getOutputStream().write(ASK);
        BufferedReader answer =
            new BufferedReader(
                new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
        String line = answer.readLine();
        if (line == null) {
          refusals.add("closed without an answer");
        } else {
          heard.add(
              Integer.parseInt(line.substring("HTTP/1.1 ".length(), "HTTP/1.1 200".length())));
        }
      } catch (IOException refused) {
        refusals.add(refused.toString());
      }
    }
  }

  @Override
  public void close() {
    over = true;
    try {
      thread.join();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
