package dev.flotilla.fleet.bench.wire.machine;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// A server as a child of this process, and never longer than it: a shell between the two ends it
/// when its own standard input ends, which the system sees to however this process ends.
public final class ServerProcess implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Duration LOOK_AGAIN = Duration.ofMillis(20);
  private static final int CONNECT_MS = 500;
  private static final String UNTIL_EOF =
      "\"$@\" & pid=$!; while read -r _; do :; done; kill $pid; wait $pid";

  private final Process shell;
  private final InetSocketAddress address;

  private ServerProcess(Process shell, InetSocketAddress address) {
    this.shell = shell;
    this.address = address;
  }

  /// Starts it and waits until it listens on the port of this machine.
  public static ServerProcess start(List<String> command, int port, Path log)
      throws IOException, InterruptedException {
    List<String> wrapped = new ArrayList<>(List.of("/bin/sh", "-c", UNTIL_EOF, "server"));
    wrapped.addAll(command);
    Process shell =
        new ProcessBuilder(wrapped)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start();
    ServerProcess server =
        new ServerProcess(shell, new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    boolean ran = false;
    while (!server.listens()) {
      boolean runs = shell.toHandle().descendants().findAny().isPresent();
      ran |= runs;
      if ((ran && !runs) || System.nanoTime() > deadline) {
        server.close();
        throw new IOException(
            command.getFirst() + " does not start: " + String.join(" ", Files.readAllLines(log)));
      }
      LockSupport.parkNanos(LOOK_AGAIN.toNanos());
    }
    return server;
  }

  private boolean listens() {
    try (Socket socket = new Socket()) {
      socket.connect(address, CONNECT_MS);
      return true;
    } catch (IOException notYet) {
      return false;
    }
  }

  public InetSocketAddress address() {
    return address;
  }

  public ProcessHandle handle() {
    return shell.toHandle();
  }

  @Override
  public void close() throws IOException {
    List<ProcessHandle> below = shell.toHandle().descendants().toList();
    shell.getOutputStream().close();
    try {
      if (shell.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        return;
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    below.forEach(ProcessHandle::destroyForcibly);
    shell.destroyForcibly();
  }
}
