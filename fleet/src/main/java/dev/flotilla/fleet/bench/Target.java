package dev.flotilla.fleet.bench;

import dev.flotilla.fleet.bench.wire.contender.ControlDoor;
import dev.flotilla.fleet.bench.wire.load.Doors;
import dev.flotilla.fleet.client.ControlClient;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.json.JsonObject;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/// The fleet under measurement, seen as one operator of a tenant that nobody else uses.
public record Target(WebSocketClient sockets, List<URI> nodes, String token) {

  /// A session on the node of that number, counted round.
  public ControlClient connect(int node, Consumer<JsonObject> events) {
    return ControlClient.connect(sockets, nodes.get(node % nodes.size()), token, events).await();
  }

  /// Opens sockets that hear a topic, on each node in its turn.
  Doors.Door turns(String topic) {
    List<ControlDoor> doors =
        nodes.stream()
            .map(node -> new InetSocketAddress(node.getHost(), node.getPort()))
            .map(address -> new ControlDoor(address, token))
            .toList();
    AtomicInteger turn = new AtomicInteger();
    return () -> doors.get(turn.getAndIncrement() % doors.size()).subscribed(topic);
  }

  /// A task that no instance of the bench tenant can take, so that nothing but the fleet is
  /// measured.
  static JsonObject task(String label) {
    return new JsonObject()
        .put("prompt", "bench")
        .put("priority", "low")
        .put("labels", List.of(label));
  }

  static String key() {
    return UUID.randomUUID().toString();
  }

  /// Takes created tasks out of the queue again.
  static void cancel(ControlClient client, List<String> ids) {
    for (String id : ids) {
      client.request("task.cancel", new JsonObject().put("id", id), key()).await();
    }
  }
}
