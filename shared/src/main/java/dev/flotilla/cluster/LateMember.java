package dev.flotilla.cluster;

import com.hazelcast.config.Config;
import io.vertx.core.Completable;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.spi.cluster.hazelcast.HazelcastClusterManager;
import java.util.function.Function;

/// Joins the cluster once what has to come before is done. That already has the Vert.x which will
/// be the member, so that servers it opens go on serving then.
final class LateMember extends HazelcastClusterManager {
  private final Function<Vertx, Future<?>> before;
  private Vertx member;

  @SuppressWarnings("NullAway.Init") // Given before it joins.
  LateMember(Config config, Function<Vertx, Future<?>> before) {
    super(config);
    this.before = before;
  }

  @Override
  public void init(Vertx vertx) {
    super.init(vertx);
    member = vertx;
  }

  @Override
  public void join(Completable<Void> joined) {
    before.apply(member).onSuccess(_ -> super.join(joined)).onFailure(joined::fail);
  }
}
