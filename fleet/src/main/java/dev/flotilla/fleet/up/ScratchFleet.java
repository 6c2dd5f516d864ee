package dev.flotilla.fleet.up;

import dev.flotilla.fleet.StartFailure;
import dev.flotilla.scratch.ScratchDirectory;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;

/// A fleet of one node with stores of its own, for as long as somebody wants it. Its data directory
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

  /// Returns when the node is ready.
  ///
  /// @param config settings of the node
  public static ScratchFleet start(Path config, PrintWriter err)
      throws IOException, StartFailure, InterruptedException {
    ScratchDirectory data = ScratchDirectory.kept("flotilla-");
    Supervisor supervisor =
        new Supervisor(new Supervisor.Order(1, 0, data.path(), config), err, err);
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
