package dev.flotilla.fleet.up;

import dev.flotilla.config.FleetConfig;
import dev.flotilla.fleet.ListenCheck;
import dev.flotilla.fleet.StartFailure;
import dev.flotilla.identity.Ids;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Which nodes a fleet on this machine has, and what each is told.
final class FleetPlan {
  static final String HOST = "127.0.0.1";

  private FleetPlan() {}

  /// Writes and checks every node's configuration; nothing is started yet.
  static List<NodeProcess> of(
      Supervisor.Order order, UpDirectory directory, UpState state, UpStores.Access access)
      throws StartFailure {
    List<Integer> ports = ports(order, state);
    List<Integer> clusterPorts = new ArrayList<>();
    for (int i = 1; i <= order.nodes(); i++) {
      clusterPorts.add(state.port("cluster." + i));
    }
    NodeFiles files = NodeFiles.basedOn(order.config());
    Map<String, Object> common = common(directory, access, clusterPorts);
    state.save();
    List<NodeProcess> nodes = new ArrayList<>();
    for (int i = 0; i < order.nodes(); i++) {
      String id = "n" + (i + 1);
      Map<String, Object> own = new HashMap<>(common);
      own.put("node.id", id);
      own.put("gateway.port", ports.get(i));
      own.put("cluster.port", clusterPorts.get(i));
      Path file = directory.run("node-" + (i + 1) + ".yaml");
      FleetConfig config = files.write(file, own);
      nodes.add(
          new NodeProcess(
              new NodeProcess.Setup(
                  id,
                  ports.get(i),
                  clusterPorts.get(i),
                  config.node().drainTimeout(),
                  file,
                  directory.run(id + ".pid"),
                  directory.log(id),
                  NodeProcess.launch(files.environment(System.getenv())))));
    }
    return nodes;
  }

  private static List<Integer> ports(Supervisor.Order order, UpState state) throws StartFailure {
    List<Integer> ports = new ArrayList<>();
    for (int i = 0; i < order.nodes(); i++) {
      if (order.port() > 0) {
        int port = order.port() + i;
        ListenCheck.require(
            HOST, port, "stop what listens there, or choose other ports with --port");
        state.take(port);
        ports.add(port);
      } else {
        ports.add(state.freePort());
      }
    }
    return ports;
  }

  private static Map<String, Object> common(
      UpDirectory directory, UpStores.Access access, List<Integer> clusterPorts)
      throws StartFailure {
    Map<String, Object> common = new HashMap<>();
    common.put("identity.secret", IdentitySecret.in(directory.root()).readOrCreate());
    // Two fleets on one machine never take each other's nodes for their own.
    common.put("cluster.name", "up-" + Ids.sha256(directory.root().toString()).substring(0, 8));
    common.put("cluster.host", HOST);
    common.put("cluster.busPort", 0);
    common.put("cluster.discovery", "tcp");
    common.put("cluster.members", clusterPorts.stream().map(port -> HOST + ":" + port).toList());
    common.putAll(access.settings());
    return common;
  }
}
