package dev.flotilla.registry;

import dev.flotilla.config.FleetConfig;
import dev.flotilla.config.LocalGateway;
import dev.flotilla.credential.Vault;
import dev.flotilla.identity.InstanceId;
import dev.flotilla.node.Wiring;
import dev.flotilla.registry.daemon.Daemon;
import dev.flotilla.registry.daemon.Registrar;
import dev.flotilla.registry.instance.Instance;
import dev.flotilla.registry.instance.InstanceTable;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import org.jspecify.annotations.Nullable;

/// The gateway of this node's host, if the configuration wants it looked after.
record LocalHost(@Nullable Daemon daemon) {
  static LocalHost open(Vertx vertx, Wiring wiring, InstanceTable table) {
    FleetConfig.Registry config = wiring.config().registry();
    LocalGateway local = config.local();
    if (!local.autostart()) {
      return new LocalHost(null);
    }
    Registrar registrar =
        new Registrar(
            wiring.stores().postgres(),
            wiring.log(),
            new Vault(wiring.config().credentials()),
            wiring.clock(),
            local);
    InstanceId id = new InstanceId(local.instance());
    return new LocalHost(
        new Daemon(
            vertx,
            wiring.bus(),
            wiring.meters(),
            wiring.clock(),
            registrar,
            config.reportInterval(),
            () -> {
              Instance known = table.find(id);
              return known == null ? local.token() : known.credentials().token();
            }));
  }

  Future<Void> close() {
    return daemon == null ? Future.succeededFuture() : daemon.close();
  }
}
