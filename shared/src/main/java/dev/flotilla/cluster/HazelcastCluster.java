package dev.flotilla.cluster;

import com.hazelcast.core.LifecycleEvent;
import com.hazelcast.core.LifecycleEvent.LifecycleState;
import dev.flotilla.config.FleetConfig;
import dev.flotilla.identity.NodeId;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxBuilder;
import io.vertx.core.VertxOptions;
import io.vertx.core.spi.cluster.RegistrationInfo;
import io.vertx.spi.cluster.hazelcast.HazelcastClusterManager;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/// A Vert.x that is a member of the fleet's cluster, until it is closed.
public final class HazelcastCluster {
  private static final Duration NAMESAKE_SLACK = Duration.ofSeconds(2);

  private final Vertx vertx;
  private final HazelcastClusterManager manager;
  private final HazelcastMembership membership;

  private HazelcastCluster(Vertx vertx, HazelcastClusterManager manager, Node self) {
    this.vertx = vertx;
    this.manager = manager;
    this.membership = new HazelcastMembership(manager.getHazelcastInstance(), self);
  }

  /// @param options where the bus listens is set here
  /// @param builder with everything but options and cluster manager, such as metrics
  public static Future<HazelcastCluster> join(
      FleetConfig.Cluster config, Node self, VertxOptions options, VertxBuilder builder) {
    return join(config, self, options, builder, _ -> Future.succeededFuture());
  }

  /// @param before what has to be done with the Vert.x before it becomes a member
  public static Future<HazelcastCluster> join(
      FleetConfig.Cluster config,
      Node self,
      VertxOptions options,
      VertxBuilder builder,
      Function<Vertx, Future<?>> before) {
    HazelcastClusterManager manager = new LateMember(HazelcastSettings.of(config, self), before);
    // Without a host the bus may choose another network than the cluster.
    options.getEventBusOptions().setHost(config.host()).setPort(config.busPort());
    return builder
        .with(options)
        .withClusterManager(manager)
        .buildClustered()
        .map(vertx -> new HazelcastCluster(vertx, manager, self));
  }

  /// Fails where another live node has the name of this one: they would answer for each other. A
  /// namesake that was killed is still a member until its silence is noticed, so it is waited for.
  public Future<Void> requireOwnName(Duration silenceLimit) {
    return requireOwnName(System.nanoTime(), silenceLimit.plus(NAMESAKE_SLACK));
  }

  private Future<Void> requireOwnName(long since, Duration limit) {
    NodeId own = membership.self().id();
    if (membership.nodes().stream().filter(node -> node.id().equals(own)).count() <= 1) {
      return Future.succeededFuture();
    }
    return System.nanoTime() - since > limit.toNanos()
        ? Future.failedFuture(
            "the fleet has a node '" + own + "' already; give this one another node.id")
        : vertx.timer(200).compose(_ -> requireOwnName(since, limit));
  }

  public Vertx vertx() {
    return vertx;
  }

  public Membership membership() {
    return membership;
  }

  /// Those of the addresses for which the cluster does not know this node, although it listens
  /// there.
  public Future<Set<String>> unknown(Set<String> addresses) {
    Set<String> unknown = new TreeSet<>();
    List<Future<Void>> looks =
        addresses.stream()
            .map(
                address -> {
                  Promise<List<RegistrationInfo>> found = Promise.promise();
                  manager.getRegistrations(address, found);
                  return found
                      .future()
                      .<Void>map(
                          registrations -> {
                            if (registrations.stream().noneMatch(this::isOwn)) {
                              unknown.add(address);
                            }
                            return null;
                          });
                })
            .toList();
    return Future.all(looks).map(_ -> unknown);
  }

  private boolean isOwn(RegistrationInfo registration) {
    return registration.nodeId().equals(manager.getNodeId());
  }

  /// Writes again what the cluster has to know of this node: where its bus listens, and its
  /// registrations. The library does so after a split brain; telling it of one is the way to ask.
  public Future<Void> republish() {
    return vertx.<Void>executeBlocking(
        () -> {
          manager.stateChanged(new LifecycleEvent(LifecycleState.MERGED));
          return null;
        },
        false);
  }
}
