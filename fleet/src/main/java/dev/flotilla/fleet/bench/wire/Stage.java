package dev.flotilla.fleet.bench.wire;

import dev.flotilla.fleet.StartFailure;
import dev.flotilla.fleet.bench.wire.contender.Broker;
import dev.flotilla.fleet.bench.wire.contender.FlotillaNode;
import dev.flotilla.fleet.bench.wire.contender.NatsServer;
import dev.flotilla.fleet.bench.wire.contender.NginxNchan;
import dev.flotilla.fleet.bench.wire.contender.VertxEcho;
import dev.flotilla.fleet.bench.wire.machine.Cores;
import dev.flotilla.fleet.bench.wire.machine.Programs;
import dev.flotilla.scratch.ScratchDirectory;
import java.io.Closeable;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// The servers that are up, all on the core of servers.
final class Stage implements Closeable {
  private static final String INSTALL = "apt-get install -y --no-install-recommends ";

  private final Path distribution;
  private final ScratchDirectory directory;
  private final Cores cores;
  private final PrintWriter out;
  private final Map<String, String> versions = new TreeMap<>();
  private final Deque<Closeable> up = new ArrayDeque<>();

  private Stage(Path distribution, ScratchDirectory directory, Cores cores, PrintWriter out) {
    this.distribution = distribution;
    this.directory = directory;
    this.cores = cores;
    this.out = out;
  }

  private interface Start<T> {
    T start() throws IOException, StartFailure, InterruptedException;
  }

  FlotillaNode node() throws IOException, StartFailure, InterruptedException {
    return bring(() -> FlotillaNode.start(distribution, out));
  }

  VertxEcho echo() throws IOException, StartFailure, InterruptedException {
    return bring(() -> VertxEcho.start(distribution, directory.path()));
  }

  /// The peers that are installed; says loudly which are not.
  List<Broker> peers() throws IOException, StartFailure, InterruptedException {
    List<Broker> peers = new ArrayList<>();
    Optional<Path> nats = Programs.find(NatsServer.PROGRAM);
    if (nats.isPresent()) {
      versions.put("nats-server", NatsServer.version(nats.get()));
      peers.add(bring(() -> NatsServer.start(nats.get(), directory.path())));
    } else {
      missing("nats-server", "nats-server");
    }
    Optional<Path> nginx = Programs.find(NginxNchan.PROGRAM);
    Optional<Path> nchan = NginxNchan.module();
    if (nginx.isPresent() && nchan.isPresent()) {
      versions.put("nginx+nchan", NginxNchan.version(nginx.get()));
      peers.add(bring(() -> NginxNchan.start(nginx.get(), nchan.get(), directory.path())));
    } else {
      missing("nginx with nchan", "nginx libnginx-mod-nchan");
    }
    return peers;
  }

  /// What was found, by name.
  Map<String, String> versions() {
    return versions;
  }

  private <T extends Closeable> T bring(Start<T> start)
      throws IOException, StartFailure, InterruptedException {
    cores.enterServers();
    try {
      T server = start.start();
      up.push(server);
      return server;
    } finally {
      cores.enterClient();
    }
  }

  private void missing(String what, String packages) {
    out.println("NOT COMPARED: " + what + " is not installed. " + INSTALL + packages);
  }

  static Stage open(Path distribution, Cores cores, PrintWriter out) throws IOException {
    return new Stage(distribution, ScratchDirectory.untilExit("flotilla-bench-"), cores, out);
  }

  @Override
  public void close() throws IOException {
    while (!up.isEmpty()) {
      up.pop().close();
    }
    directory.close();
  }
}
