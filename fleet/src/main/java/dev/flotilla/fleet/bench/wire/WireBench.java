package dev.flotilla.fleet.bench.wire;

import dev.flotilla.fleet.StartFailure;
import dev.flotilla.fleet.bench.wire.contender.Broker;
import dev.flotilla.fleet.bench.wire.contender.FlotillaNode;
import dev.flotilla.fleet.bench.wire.contender.Responder;
import dev.flotilla.fleet.bench.wire.contender.VertxEcho;
import dev.flotilla.fleet.bench.wire.load.Loop;
import dev.flotilla.fleet.bench.wire.machine.Cores;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// The whole of `flotilla bench wire`, in the order in which it happens. In each round every system
/// has its turn, so that what changes on the machine meanwhile changes for all.
public final class WireBench {
  private static final int CONNECTIONS = 50;
  private static final int DELIVERIES_PER_SECOND = 20_000;
  private static final int MANY = 64;

  /// The round that is not counted takes so much longer: JVMs still compile in it.
  private static final int FIRST_ROUND = 2;

  private final Order order;
  private final Path distribution;
  private final PrintWriter out;
  private final List<Run> runs = new ArrayList<>();
  private final Set<String> failed = new HashSet<>();

  /// @param distribution of the node that is measured
  /// @param out for people, while it runs
  public WireBench(Order order, Path distribution, PrintWriter out) {
    this.order = order;
    this.distribution = distribution;
    this.out = out;
  }

  public WireReport run() throws Exception {
    Cores cores = Cores.find(out);
    Map<String, String> versions = new TreeMap<>();
    if (order.parts().contains(Order.Part.IDLE)) {
      idle(cores);
    }
    if (order.parts().contains(Order.Part.FANOUT) || order.parts().contains(Order.Part.PING)) {
      try (Stage stage = Stage.open(distribution, cores, out)) {
        busy(stage, cores);
        versions.putAll(stage.versions());
      }
    }
    return WireReport.of(order, cores.pinned(), versions, runs);
  }

  /// On servers of its own, which have done nothing else yet.
  private void idle(Cores cores) throws Exception {
    IdleSessions idle = new IdleSessions(order.sessions());
    out.println("idle: " + order.sessions() + " sessions");
    try (Stage stage = Stage.open(distribution, cores, out)) {
      FlotillaNode node = stage.node();
      runs.addAll(idle.run(node.name(), node.process(), node::idler, cores));
    }
    if (order.alone()) {
      return;
    }
    try (Stage stage = Stage.open(distribution, cores, out)) {
      VertxEcho echo = stage.echo();
      runs.addAll(idle.run(echo.name(), echo.process(), echo::open, cores));
    }
  }

  private void busy(Stage stage, Cores cores)
      throws IOException, StartFailure, InterruptedException {
    FlotillaNode node = stage.node();
    List<Broker> brokers = new ArrayList<>(List.of(node));
    List<Responder> responders = new ArrayList<>();
    if (order.parts().contains(Order.Part.FANOUT)) {
      brokers.addAll(order.alone() ? List.of() : stage.peers());
    } else {
      brokers.clear();
    }
    if (order.parts().contains(Order.Part.PING)) {
      responders.addAll(order.alone() ? List.of(node) : List.of(node, stage.echo()));
    }
    Quiet quiet = new Quiet(cores, out, order.patience());
    for (int round = 0; round <= order.rounds(); round++) {
      out.println(round == 0 ? "warming up" : "round " + round + " of " + order.rounds());
      Duration warmUp = round == 0 ? order.warmUp().multipliedBy(FIRST_ROUND) : order.warmUp();
      List<Run> these = new ArrayList<>();
      for (Broker broker : brokers) {
        these.addAll(fanOut(broker, quiet, warmUp));
      }
      for (Responder responder : responders) {
        these.add(requests(responder, quiet, warmUp));
      }
      these.forEach(run -> out.println("  " + WireReport.line(run)));
      if (round > 0) {
        runs.addAll(these);
      }
    }
  }

  private List<Run> fanOut(Broker broker, Quiet quiet, Duration warmUp) {
    if (failed.contains(broker.name())) {
      return List.of();
    }
    Cores cores = quiet.cores();
    Duration measured = order.measured();
    List<Run> found = new ArrayList<>();
    try (Crowd crowd = Crowd.gather(broker, order.subscribers(), cores.pinned())) {
      ClosedFanOut one = new ClosedFanOut(Measure.FAN_OUT_1, 1);
      found.add(quiet.run(() -> one.run(crowd, cores, warmUp, measured), crowd::rest));
      ClosedFanOut many = new ClosedFanOut(Measure.FAN_OUT_64, MANY);
      found.add(quiet.run(() -> many.run(crowd, cores, warmUp, measured), crowd::rest));
      PacedFanOut paced = new PacedFanOut(DELIVERIES_PER_SECOND);
      found.add(quiet.run(() -> paced.run(crowd, cores, warmUp, measured), crowd::rest));
    } catch (IOException failure) {
      failed.add(broker.name());
      out.println(
          "NOT MEASURED: fan-out of " + broker.name() + ": " + StartFailure.reason(failure));
    }
    return found;
  }

  private Run requests(Responder responder, Quiet quiet, Duration warmUp) throws IOException {
    RequestLoad load = new RequestLoad(CONNECTIONS);
    try (Loop idle = new Loop(false)) {
      return quiet.run(
          () -> load.run(responder, quiet.cores(), warmUp, order.measured()), idle::rest);
    }
  }
}
