package dev.flotilla.fleet.up;

import dev.flotilla.fleet.ListenCheck;
import dev.flotilla.fleet.StartFailure;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// `flotilla up`: the process that keeps the stores and nodes of one data directory running.
public final class Supervisor {
  private static final Duration READY_LIMIT = Duration.ofSeconds(90);

  /// Room for a node that has drained to leave before it is killed.
  private static final Duration LEAVE = Duration.ofSeconds(5);

  /// What to start.
  public record Order(int nodes, int port, Path data, @Nullable Path config) {}

  private final Order order;
  private final PrintWriter out;
  private final PrintWriter err;
  private final CountDownLatch started = new CountDownLatch(1);
  private final List<NodeProcess> nodes = new ArrayList<>();
  private final List<NodeWatch> watches = new ArrayList<>();
  private @Nullable UpDirectory directory;
  private @Nullable UpStores stores;
  private @Nullable FirstAdmin firstAdmin;
  private volatile boolean stopping;
  private volatile boolean failed;

  public Supervisor(Order order, PrintWriter out, PrintWriter err) {
    this.order = order;
    this.out = out;
    this.err = err;
  }

  /// Returns only by a failure; a signal ends the process with code 0.
  public int untilStopped() throws StartFailure, InterruptedException {
    Runtime.getRuntime().addShutdownHook(new Thread(this::endBySignal, "stop"));
    try {
      start();
      out.println(
          "flotilla ready: "
              + nodes.stream().map(NodeProcess::url).collect(Collectors.joining(" ")));
      greet();
    } catch (StartFailure failure) {
      failed = !stopping;
      stopAll();
      throw failure;
    } finally {
      started.countDown();
    }
    new CountDownLatch(1).await();
    return 0;
  }

  /// Without it nobody could log in. With tokens everybody works on who has the secret.
  private void greet() throws InterruptedException {
    FirstAdmin admin = firstAdmin;
    if (admin != null && !stopping) {
      try {
        admin.make(nodes.getFirst()).ifPresent(out::println);
      } catch (StartFailure failure) {
        err.println(
            "flotilla: no first admin was made (flotilla user add makes one): "
                + failure.getMessage());
      }
    }
  }

  /// Returns when every node is ready. After a failure, [#stopAll] ends what had started.
  void start() throws StartFailure, InterruptedException {
    UpDirectory claimed = UpDirectory.claim(order.data());
    directory = claimed;
    endLeftovers(claimed);
    UpState state = UpState.of(claimed);
    UpStores.Access access = UpStores.Access.from(state);
    nodes.addAll(FleetPlan.of(order, claimed, state, access));
    firstAdmin = new FirstAdmin(state);
    goOn();
    stores = UpStores.start(claimed, access);
    NodeProcess first = nodes.getFirst();
    launch(first);
    awaitMember(first);
    for (NodeProcess node : nodes.subList(1, nodes.size())) {
      launch(node);
    }
    for (NodeProcess node : nodes) {
      awaitReady(node);
    }
    for (NodeProcess node : nodes) {
      watches.add(NodeWatch.over(node, err));
    }
  }

  /// The first node.
  NodeProcess node() {
    return nodes.getFirst();
  }

  List<NodeProcess> nodes() {
    return List.copyOf(nodes);
  }

  private static void endLeftovers(UpDirectory claimed) throws StartFailure, InterruptedException {
    try {
      LeftoverNodes.end(claimed.run("."));
    } catch (IOException failure) {
      throw new StartFailure(
          StartFailure.RUNTIME,
          "nodes of an earlier flotilla up could not be ended: " + StartFailure.reason(failure),
          failure);
    }
  }

  private void launch(NodeProcess node) throws StartFailure {
    goOn();
    try {
      node.start();
    } catch (IOException failure) {
      throw new StartFailure(
          StartFailure.RUNTIME,
          node.id() + " could not be started: " + StartFailure.reason(failure),
          failure);
    }
  }

  /// Once the first node listens for members, the others find it instead of each other.
  private void awaitMember(NodeProcess node) throws StartFailure, InterruptedException {
    while (!ListenCheck.isTaken(FleetPlan.HOST, node.clusterPort())) {
      requireAlive(node);
      Thread.sleep(20);
    }
  }

  private void awaitReady(NodeProcess node) throws StartFailure, InterruptedException {
    while (!node.isReady()) {
      requireAlive(node);
      if (node.age().compareTo(READY_LIMIT) > 0) {
        throw new StartFailure(
            StartFailure.RUNTIME,
            node.id()
                + " is not ready after "
                + READY_LIMIT.toSeconds()
                + "s: "
                + node.complaint());
      }
      Thread.sleep(50);
    }
  }

  private void requireAlive(NodeProcess node) throws StartFailure {
    goOn();
    if (!node.isAlive()) {
      throw new StartFailure(
          StartFailure.RUNTIME, node.id() + " did not start: " + node.complaint());
    }
  }

  private void goOn() throws StartFailure {
    if (stopping) {
      throw new StartFailure(StartFailure.RUNTIME, "stopped before it was ready");
    }
  }

  private void endBySignal() {
    stopping = true;
    try {
      started.await(READY_LIMIT.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    stopAll();
    if (!failed) {
      Runtime.getRuntime().halt(0);
    }
  }

  /// Nodes first, all at once; then what they stand on.
  synchronized void stopAll() {
    watches.forEach(NodeWatch::end);
    nodes.forEach(NodeProcess::terminate);
    try {
      for (NodeProcess node : nodes) {
        if (!node.await(node.drainTimeout().plus(LEAVE))) {
          err.println("flotilla: " + node.id() + " did not drain in time and was killed");
        }
        node.forget();
      }
      nodes.clear();
      if (stores != null) {
        String problems = stores.stop();
        if (!problems.isEmpty()) {
          err.println("flotilla: " + problems);
        }
        stores = null;
      }
      if (directory != null) {
        directory.close();
      }
    } catch (IOException failure) {
      err.println("flotilla: " + StartFailure.reason(failure));
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
