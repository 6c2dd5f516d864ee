package dev.flotilla.fleet.up;

import dev.flotilla.config.FleetConfig;
import dev.flotilla.fleet.StartFailure;
import dev.flotilla.scratch.ScratchDirectory;
import dev.flotilla.store.Migrations;
import dev.flotilla.store.SlowStart;
import java.io.IOException;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;

/// An embedded PostgreSQL and Redis of their own, with the schema, for as long as somebody wants
/// them. They write to disk as those of `flotilla up` do.
public final class ScratchStores implements AutoCloseable {

  private final ScratchDirectory data;
  private final UpDirectory directory;
  private final UpStores stores;
  private final FleetConfig config;

  private ScratchStores(
      ScratchDirectory data, UpDirectory directory, UpStores stores, FleetConfig config) {
    this.data = data;
    this.directory = directory;
    this.stores = stores;
    this.config = config;
  }

  /// @param settings of a node that uses them, such as `command.maxRunning`
  public static ScratchStores start(Map<String, Object> settings) throws IOException, StartFailure {
    ScratchDirectory data = ScratchDirectory.untilExit("flotilla-");
    UpDirectory directory = UpDirectory.claim(data.path());
    UpStores.Access access = UpStores.Access.from(UpState.of(directory));
    Map<String, Object> all = new HashMap<>(settings);
    all.putAll(access.settings());
    all.put("identity.secret", OwnFile.randomSecret());
    FleetConfig config = NodeFiles.basedOn(null).write(directory.run("node.yaml"), all);
    UpStores stores = UpStores.start(directory, access);
    try {
      Migrations.awaitServer(config.postgres(), SlowStart.PATIENCE);
      Migrations.migrate(config.postgres());
      return new ScratchStores(data, directory, stores, config);
    } catch (SQLException refused) {
      String problems = stores.stop();
      throw new StartFailure(
          StartFailure.RUNTIME, StartFailure.reason(refused) + "; " + problems, refused);
    }
  }

  public FleetConfig config() {
    return config;
  }

  @Override
  public void close() throws IOException {
    String problems = stores.stop();
    directory.close();
    data.close();
    if (!problems.isEmpty()) {
      throw new IOException("the stores did not stop: " + problems);
    }
  }
}
