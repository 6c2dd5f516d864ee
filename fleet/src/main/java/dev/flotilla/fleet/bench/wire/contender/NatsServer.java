package dev.flotilla.fleet.bench.wire.contender;

import dev.flotilla.fleet.ListenCheck;
import dev.flotilla.fleet.bench.wire.load.Dialogue;
import dev.flotilla.fleet.bench.wire.load.Opcode;
import dev.flotilla.fleet.bench.wire.machine.Programs;
import dev.flotilla.fleet.bench.wire.machine.ServerProcess;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// `nats-server` with its WebSocket listener; core NATS, nothing stored.
///
/// Its protocol flows through the frames: one of them may hold many messages, or half of one.
public final class NatsServer implements Broker, Closeable {
  public static final String PROGRAM = "nats-server";

  private static final String HOST = "127.0.0.1";
  private static final String CONNECT =
      "CONNECT {\"verbose\":false,\"pedantic\":false,\"lang\":\"bench\",\"version\":\"1\","
          + "\"protocol\":1}\r\nPING\r\n";

  private final ServerProcess process;

  private NatsServer(ServerProcess process) {
    this.process = process;
  }

  public static NatsServer start(Path program, Path directory)
      throws IOException, InterruptedException {
    int port = ListenCheck.free(HOST);
    Path config = directory.resolve("nats.conf");
    Files.writeString(
        config,
        """
        listen: "%s:%d"
        websocket { listen: "%s:%d", no_tls: true, compression: false }
        # It pings once soon after the connect, which the client need not answer, and not again.
        ping_interval: "1h"
        max_connections: 20000
        """
            .formatted(HOST, ListenCheck.free(HOST), HOST, port));
    return new NatsServer(
        ServerProcess.start(
            List.of(program.toString(), "-c", config.toString()),
            port,
            directory.resolve("nats.log")));
  }

  public static String version(Path program) throws IOException, InterruptedException {
    return Programs.output(List.of(program.toString(), "--version")).strip();
  }

  @Override
  public String name() {
    return PROGRAM;
  }

  @Override
  public ProcessHandle process() {
    return process.handle();
  }

  @Override
  public Dialogue subscriber() throws IOException {
    return open(CONNECT.replace("PING", "SUB bench 1\r\nPING"));
  }

  @Override
  public Dialogue publisher() throws IOException {
    return open(CONNECT);
  }

  private Dialogue open(String first) throws IOException {
    Dialogue dialogue = Dialogue.open(process.address(), "/");
    dialogue.send(Opcode.BINARY, first);
    awaitPong(dialogue);
    return dialogue;
  }

  /// NATS answers in order: what was sent before the ping has been done.
  private static void awaitPong(Dialogue dialogue) throws IOException {
    StringBuilder said = new StringBuilder();
    while (said.indexOf("PONG\r\n") < 0) {
      said.append(dialogue.receive());
      if (said.indexOf("-ERR") >= 0) {
        throw new Refused(said.toString());
      }
    }
  }

  @Override
  public Publication publication() {
    String event = BenchEvent.text(BenchEvent.FIRST);
    return new Publication(
        Opcode.BINARY, "PUB bench %d\r\n%s\r\n".formatted(event.length(), event));
  }

  @Override
  public void publish(Dialogue publisher, long number) throws IOException {
    publisher.send(Opcode.BINARY, publication().text(number) + "PING\r\n");
    awaitPong(publisher);
  }

  @Override
  public boolean perMessage() {
    return false;
  }

  @Override
  public void close() throws IOException {
    process.close();
  }
}
