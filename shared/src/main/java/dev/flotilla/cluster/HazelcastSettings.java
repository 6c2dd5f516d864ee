package dev.flotilla.cluster;

import com.hazelcast.config.AdvancedNetworkConfig;
import com.hazelcast.config.Config;
import com.hazelcast.config.JoinConfig;
import com.hazelcast.config.ServerSocketEndpointConfig;
import dev.flotilla.config.FleetConfig;
import io.vertx.spi.cluster.hazelcast.ConfigUtil;
import java.time.Duration;
import java.util.Map;

/// Hazelcast, set up for membership and bus registrations only: nothing of ours is kept in it.
final class HazelcastSettings {
  /// How long a leaving member may hand over its part of the registrations.
  private static final Duration HAND_OVER = Duration.ofSeconds(5);

  private HazelcastSettings() {}

  static Config of(FleetConfig.Cluster cluster, Node self) {
    // The default configuration of the library declares the maps that the event bus needs.
    Config config = ConfigUtil.loadConfig();
    config.setClusterName(cluster.name());
    properties(cluster.silenceLimit()).forEach(config::setProperty);
    HazelcastMembership.describe(self, config.getMemberAttributeConfig());
    network(config.getAdvancedNetworkConfig(), cluster);
    return config;
  }

  private static Map<String, String> properties(Duration silenceLimit) {
    return Map.ofEntries(
        Map.entry("hazelcast.logging.type", "slf4j"),
        Map.entry("hazelcast.phone.home.enabled", "false"),
        Map.entry("hazelcast.health.monitoring.level", "OFF"),
        Map.entry("hazelcast.socket.bind.any", "false"),
        Map.entry("hazelcast.wait.seconds.before.join", "0"),
        Map.entry("hazelcast.heartbeat.interval.seconds", "1"),
        Map.entry("hazelcast.max.no.heartbeat.seconds", Long.toString(silenceLimit.toSeconds())),
        // A frozen member that thaws is alone; this is how soon and how often it looks for the
        // rest.
        Map.entry("hazelcast.merge.first.run.delay.seconds", "5"),
        Map.entry("hazelcast.merge.next.run.delay.seconds", "5"),
        Map.entry("hazelcast.graceful.shutdown.max.wait", Long.toString(HAND_OVER.toSeconds())),
        // The defaults are for a data grid on a big machine.
        Map.entry("hazelcast.operation.thread.count", "2"),
        Map.entry("hazelcast.operation.generic.thread.count", "2"),
        Map.entry("hazelcast.event.thread.count", "2"),
        Map.entry("hazelcast.io.thread.count", "1"));
  }

  /// One endpoint, and for members alone. A plain network serves clients on the same port, and the
  /// encoder it begins connections with lets a connection whose peer accepts and says nothing, as a
  /// frozen process does, keep the only writing thread busy for ever (hazelcast/hazelcast#26473):
  /// the members that are left lose each other.
  private static void network(AdvancedNetworkConfig network, FleetConfig.Cluster cluster) {
    ServerSocketEndpointConfig members = new ServerSocketEndpointConfig();
    members.setPort(cluster.port()).setPortAutoIncrement(false);
    members.getInterfaces().setEnabled(true).clear().addInterface(cluster.host());
    network.setEnabled(true).setMemberEndpointConfig(members);
    JoinConfig join = network.getJoin();
    join.getAutoDetectionConfig().setEnabled(false);
    join.getMulticastConfig().setEnabled(false);
    join.getTcpIpConfig().setEnabled(false);
    switch (cluster.discovery()) {
      case TCP -> join.getTcpIpConfig().setEnabled(true).setMembers(cluster.members());
      case MULTICAST ->
          join.getMulticastConfig()
              .setEnabled(true)
              .setLoopbackModeEnabled(cluster.host().startsWith("127."));
      case KUBERNETES ->
          join.getKubernetesConfig()
              .setEnabled(true)
              .setProperty("service-dns", String.valueOf(cluster.kubernetesService()))
              .setProperty("service-port", Integer.toString(cluster.port()));
    }
  }
}
