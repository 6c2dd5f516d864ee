package dev.flotilla.fleet.bench.wire.contender;

import dev.flotilla.fleet.ListenCheck;
import dev.flotilla.fleet.bench.wire.load.Dialogue;
import dev.flotilla.fleet.bench.wire.machine.ServerProcess;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// The [EchoServer] as a process. It is asked what a node is asked, which it does not understand.
public final class VertxEcho implements Responder, Closeable {
  private final ServerProcess process;

  private VertxEcho(ServerProcess process) {
    this.process = process;
  }

  /// @param distribution where the jars and the JVM options of nodes are
  public static VertxEcho start(Path distribution, Path directory)
      throws IOException, InterruptedException {
    int port = ListenCheck.free("127.0.0.1");
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "@" + distribution.resolve("conf").resolve("node.jvm"),
            "-cp",
            distribution.resolve("lib").resolve("flotilla.jar").toString(),
            EchoServer.class.getName(),
            Integer.toString(port));
    return new VertxEcho(ServerProcess.start(command, port, directory.resolve("echo.log")));
  }

  @Override
  public String name() {
    return "bare Vert.x";
  }

  /// The JVM below the shell that guards it.
  @Override
  public ProcessHandle process() {
    return process.handle().children().findFirst().orElseGet(process::handle);
  }

  @Override
  public Dialogue open() throws IOException {
    return Dialogue.open(process.address(), "/");
  }

  @Override
  public String question() {
    return FlotillaNode.PING;
  }

  @Override
  public void check(String answer) throws Refused {
    if (!answer.equals(question())) {
      throw new Refused("no echo: " + answer);
    }
  }

  @Override
  public void close() throws IOException {
    process.close();
  }
}
