package dev.flotilla.fleet.bench.wire.contender;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.flotilla.config.ConfigLoader;
import dev.flotilla.config.FleetConfig;
import dev.flotilla.config.Secret;
import dev.flotilla.fleet.StartFailure;
import dev.flotilla.fleet.bench.wire.load.Dialogue;
import dev.flotilla.fleet.bench.wire.load.Opcode;
import dev.flotilla.fleet.up.ScratchFleet;
import dev.flotilla.identity.Role;
import dev.flotilla.identity.TenantId;
import dev.flotilla.identity.Tokens;
import dev.flotilla.identity.UserId;
import dev.flotilla.wire.Json;
import io.vertx.core.Vertx;
import java.io.Closeable;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;

/// One node of this fleet, started as `flotilla up` starts it, spoken to in the control dialect.
public final class FlotillaNode implements Broker, Responder, Closeable {
  /// The smallest request that needs no store.
  static final String PING = "{\"type\":\"req\",\"id\":\"1\",\"method\":\"ping\"}";

  /// What only the bench publishes on.
  private static final String TOPIC = "custom:bench";

  /// What every session of a control room subscribes to.
  private static final String IDLE_TOPIC = "tasks";

  private final ScratchFleet fleet;
  private final ControlDoor door;

  private FlotillaNode(ScratchFleet fleet, String token) {
    URI url = fleet.url();
    this.fleet = fleet;
    this.door = new ControlDoor(new InetSocketAddress(url.getHost(), url.getPort()), token);
  }

  /// @param distribution where `conf/bench.yaml` has the settings of the node that is measured
  public static FlotillaNode start(Path distribution, PrintWriter err)
      throws IOException, StartFailure, InterruptedException {
    ScratchFleet fleet = ScratchFleet.start(distribution.resolve("conf/bench.yaml"), err);
    return new FlotillaNode(fleet, token(fleet.secret()));
  }

  private static String token(String secret) {
    FleetConfig.Identity identity =
        new FleetConfig.Identity(
            new Secret(secret),
            System.getenv(ConfigLoader.variable("identity.issuer")),
            System.getenv(ConfigLoader.variable("identity.audience")));
    Vertx vertx = Vertx.vertx();
    try {
      return new Tokens(vertx, identity, Clock.systemUTC())
          .issue(
              new TenantId("bench"),
              new UserId("bench"),
              List.of(Role.OPERATOR),
              Duration.ofHours(12));
    } finally {
      vertx.close().await();
    }
  }

  @Override
  public String name() {
    return "flotilla";
  }

  @Override
  public ProcessHandle process() {
    return ProcessHandle.of(fleet.nodePid()).orElseThrow();
  }

  /// A connected session.
  @Override
  public Dialogue open() throws IOException {
    return door.open();
  }

  @Override
  public String question() {
    return PING;
  }

  @Override
  public void check(String answer) throws Refused {
    try {
      ControlDoor.requireOk(Json.MAPPER.readTree(answer));
    } catch (JsonProcessingException noJson) {
      throw new Refused("no answer: " + answer);
    }
  }

  @Override
  public Dialogue subscriber() throws IOException {
    return door.subscribed(TOPIC);
  }

  /// A session as it waits in a control room.
  public Dialogue idler() throws IOException {
    return door.subscribed(IDLE_TOPIC);
  }

  @Override
  public Dialogue publisher() throws IOException {
    return open();
  }

  @Override
  public Publication publication() {
    // Written by hand: the event's own text must stay as it is.
    return new Publication(
        Opcode.TEXT,
        "{\"type\":\"req\",\"id\":\"p\",\"method\":\"publish\",\"params\":{\"topic\":\"%s\",\"payload\":%s}}"
            .formatted(TOPIC, BenchEvent.text(BenchEvent.FIRST)));
  }

  @Override
  public void publish(Dialogue publisher, long number) throws IOException {
    publisher.send(Opcode.TEXT, publication().text(number));
    ControlDoor.requireOk(ControlDoor.read(publisher));
  }

  @Override
  public boolean perMessage() {
    return true;
  }

  @Override
  public void close() {
    fleet.close();
  }
}
