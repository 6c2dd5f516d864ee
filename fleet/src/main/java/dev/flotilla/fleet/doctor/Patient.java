package dev.flotilla.fleet.doctor;

import dev.flotilla.config.FleetConfig;
import dev.flotilla.store.Stores;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The fleet that is looked at: the configurations of its nodes, its stores, and what its nodes
/// say.
public final class Patient implements AutoCloseable {
  private final Vertx vertx = Vertx.vertx();
  private final List<NodeFile> files;
  private @Nullable Stores stores;
  private @Nullable NodeHttp http;
  private @Nullable Survey survey;

  public Patient(List<NodeFile> files) {
    this.files = List.copyOf(files);
  }

  /// Where the nodes have been asked.
  public Patient(List<NodeFile> files, Survey said) {
    this(files);
    this.survey = said;
  }

  public List<NodeFile> files() {
    return files;
  }

  /// Of the files that can be used.
  public List<FleetConfig> configs() {
    return files.stream().map(NodeFile::config).filter(Objects::nonNull).toList();
  }

  /// What all nodes have in common, as the first of them has it.
  public FleetConfig config() {
    return configs().getFirst();
  }

  public Vertx vertx() {
    return vertx;
  }

  public Stores stores() {
    Stores open = stores == null ? Stores.open(vertx, config()) : stores;
    stores = open;
    return open;
  }

  public NodeHttp http() {
    NodeHttp client = http == null ? new NodeHttp(vertx, config()) : http;
    http = client;
    return client;
  }

  /// What the nodes say; they are asked once.
  public Survey survey() {
    Survey asked = survey == null ? Survey.of(this) : survey;
    survey = asked;
    return asked;
  }

  @Override
  public void close() {
    if (stores != null) {
      stores.close().await();
    }
    vertx.close().await();
  }
}
