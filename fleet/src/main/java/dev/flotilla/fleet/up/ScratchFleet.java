package dev.flotilla.fleet.up;

import dev.flotilla.config.FleetConfig;
import dev.flotilla.fleet.StartFailure;
import dev.flotilla.scratch.ScratchDirectory;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;

/// A fleet with stores of its own, for as long as somebody wants it. Its data directory
/// is a new one and is removed at the end, also when a signal is the end.
public final class ScratchFleet implements AutoCloseable {
  private final ScratchDirectory data;
  private final Supervisor supervisor;
  private final PrintWriter err;
  private final Thread atExit = new Thread(this::end, "scratch-end");

  private ScratchFleet(ScratchDirectory data, Supervisor supervisor, PrintWriter err) {
    this.data = data;
    this.supervisor = supervisor;
    this.err = err;
  }

  /// One node. Returns when it is ready.
  ///
  /// @param config settings of the node
  public static ScratchFleet start(Path config, PrintWriter err)
      throws IOException, StartFailure, InterruptedException {
    return start(1, config, err);
  }

  /// Returns when the nodes are ready.
  public static ScratchFleet start(int nodes, Path config, PrintWriter err)
      throws IOException, StartFailure, InterruptedException {
    ScratchDirectory data = ScratchDirectory.kept("flotilla-");
    Supervisor supervisor =
        new Supervisor(new Supervisor.Order(nodes, 0, data.path(), config), err, err);
    ScratchFleet fleet = new ScratchFleet(data, supervisor, err);
    Runtime.getRuntime().addShutdownHook(fleet.atExit);
    try {
      supervisor.start();
      return fleet;
    } catch (StartFailure failure) {
      fleet.close();
      throw failure;
    }
  }

  public URI url() {
    return URI.create(supervisor.node().url());
  }

  public List<URI> urls() {
    return supervisor.nodes().stream().map(node -> URI.create(node.url())).toList();
  }

  /// The configuration of the first node.
  public FleetConfig config() throws StartFailure {
    return supervisor.node().config();
  }

  /// `kill -9`: the node is started again after a while.
  ///
  /// @param node counted from 1
  public void kill(int node) {
    ProcessHandle.of(supervisor.nodes().get(node - 1).pid())
        .ifPresent(ProcessHandle::destroyForcibly);
  }

  public long nodePid() {
    return supervisor.node().pid();
  }

  /// What signs its tokens.
  public String secret() throws StartFailure {
    return IdentitySecret.in(data.path()).read();
  }

  @Override
  public void close() {
    Runtime.getRuntime().removeShutdownHook(atExit);
    end();
  }

  private void end() {
    supervisor.stopAll();
    try {
      data.remove();
    } catch (IOException failure) {
      err.println("flotilla: " + data.path() + " is left behind: " + StartFailure.reason(failure));
    }
  }
}
